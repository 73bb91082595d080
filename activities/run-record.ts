import type { RunConfig } from '../domain/config.js';
import { runRecordPath } from '../domain/paths.js';
import { type Deps, type Place, storeOf } from './deps.js';

/** run.json: whose a run's name is. */
export interface RunRecord {
  readonly format: 'bertha-run/1';
  readonly run: string;
  /** First execution run id of every workflow chain that worked on this run, newest last. */
  readonly chains: readonly string[];
  readonly spec: string;
  readonly config: RunConfig;
}

/** The record of a run; null where there is none, or one that is not whole. */
export async function readRunRecord(deps: Deps, place: Place): Promise<RunRecord | null> {
  return (await storeOf(deps, place).json(runRecordPath(place.run))) as RunRecord | null;
}

/** True where the tags of a job or cluster name this run and one of its workflow chains: a run that is continued keeps what it made. */
export async function ownership(
  deps: Deps,
  place: Place,
): Promise<(tags: Readonly<Record<string, string>>) => boolean> {
  const record = await readRunRecord(deps, place);
  return (tags) => tags['bertha.run'] === place.run && record?.chains.includes(tags['bertha.chain'] ?? '') === true;
}
