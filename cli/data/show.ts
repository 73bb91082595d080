import type { DataConfig } from '../../domain/config-data-file.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { withData } from './session.js';
import { resultOf } from './work.js';

/** What is shown of a manifest; the rest is in it for `--json`. */
interface ShownManifest {
  readonly contentId: string;
  readonly createdFrom: Readonly<Record<string, unknown>>;
  readonly unicodeVersion: string;
}

/** `bertha data show CONFIG` */
export function showData(call: Call, file: string): Promise<number> {
  return withData(call, { action: 'show', file }, async (session) => {
    const { config } = session;
    const result = await resultOf(call, session, 'plan', file);
    if (result === null) return exitCodes.interrupted.code;
    const folder = result.action === 'plan' ? result.folder : null;
    if (folder === null) throw new Failure('failed', notThere(call, config, file));
    const found = await read(config, folder);
    if (found === null) throw new Failure('failed', notThere(call, config, file));
    const { manifest, quality } = found;
    call.answer({ type: 'dataset', folder, manifest, quality }, [
      `dataset ${config.data.name}, content ${manifest.contentId}, in ${folder}`,
      ...Object.entries(manifest.createdFrom).map(([what, value]) => `  ${what}: ${JSON.stringify(value)}`),
      '',
      quality ?? 'it has no quality report: another version or a copy made it',
    ]);
    return exitCodes.ok.code;
  });
}

function notThere(call: Call, { data }: DataConfig, file: string): string {
  if (data.prepare === undefined && data.convert === undefined)
    return `${data.source.container}/${data.source.prefix} holds no manifest.json; is data.source.prefix right?`;
  const [verb, done] = data.convert === undefined ? ['prepare', 'prepared'] : ['convert', 'converted'];
  return `the dataset ${data.name} is not ${done} yet; ${verb} it with: ${call.command(`data ${verb} ${file}`)}`;
}

async function read(
  config: DataConfig,
  folder: string,
): Promise<{ manifest: ShownManifest; quality: string | null } | null> {
  const { connectAzure } = await import('../../azure/connection.js');
  const { account, container } = config.data.source;
  if (account === undefined || container === undefined)
    throw new Failure('failed', 'the data lies in no container: read its manifest.json where it lies');
  const store = connectAzure(config.azure).container(account, container);
  const manifest = (await store.json(`${folder}/manifest.json`)) as ShownManifest | null;
  return manifest && { manifest, quality: await store.text(`${folder}/quality.md`) };
}
