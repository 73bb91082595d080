import type { RunConfig } from '../../domain/config.js';
import type { RunReport } from '../../domain/report.js';
import type { RunPlace } from '../storage.js';

/** The same training under another name. */
export const undisturbed = (config: RunConfig): RunConfig => ({ ...config, name: `${config.name}-undisturbed` });

/** Two runs of one config, compared by the bytes of their models. */
export interface Comparison {
  readonly equal: boolean;
  readonly sentence: string;
}

/** @throws AzureError where a model cannot be read */
export async function compareModels(place: RunPlace, report: RunReport, other: RunReport): Promise<Comparison> {
  const [ours, theirs] = await Promise.all([report, other].map((one) => weightsOf(place, one)));
  const hashes = (one: RunReport) => one.phases.map(({ sampleHash }) => sampleHash).join();
  const sameSamples = hashes(report) === hashes(other);
  if (ours === undefined || theirs === undefined || ours === null || theirs === null)
    return { equal: false, sentence: 'the weights cannot be compared: one of the two runs has no model' };
  const equal = ours === theirs && sameSamples;
  const names = `of ${report.run} and of ${other.run}`;
  if (equal) return { equal, sentence: `the weights ${names} are equal: sha256 ${ours}` };
  const samples = sameSamples ? 'the samples were the same' : 'the samples were not the same';
  return { equal, sentence: `the weights ${names} DIFFER: sha256 ${ours} and ${theirs}; ${samples}` };
}

async function weightsOf({ store }: RunPlace, { model }: RunReport): Promise<string | null> {
  return model === null ? null : (await store.sha256(`${model.path}/model.safetensors`)).sha256;
}
