import type { DataAction } from '../../client.js';
import type { DataConfig } from '../../domain/config-data-file.js';
import type { Call } from '../call.js';
import { Failure } from '../failure.js';

/** What a config says of its data, by which it is told what can be done with it. */
type Way = 'prepare' | 'convert' | 'exists';

/**
 * Refuses what a config cannot be asked for, before anything is started for it.
 * @param file the config, as the person wrote it
 * @throws Failure usage: one sentence with what to type instead
 */
export function requireFit(call: Call, action: DataAction | 'show', { data }: DataConfig, file: string): void {
  const way = wayOf(data);
  const liesInNoContainer = data.source.account === undefined;
  const hint = { prepare: 'prepare', convert: 'convert', exists: 'copy' }[way];
  const instead = `${reasons[way]}: ${call.command(`data ${hint} ${file}`)}`;
  const isMade = action === 'prepare' || action === 'convert';
  if (isMade && way !== action)
    throw new Failure('usage', `${file} has no data.${action}, ${missing[action]}; ${instead}`);
  if (action === 'show' && liesInNoContainer)
    throw new Failure(
      'usage',
      `the data of ${file} lies in no container, so that it is not read from here: look at manifest.json and quality.md in ${data.source.folder ?? data.source.url ?? ''}`,
    );
}

const missing = {
  prepare: 'which names a dump or text',
  convert: 'which names .bin files of the old recipe',
} as const;

const reasons: Readonly<Record<Way, string>> = {
  prepare: 'it names a dump or text: prepare that with',
  convert: 'it names .bin files of the old recipe: convert those with',
  exists: 'it names shards that exist, which need no making: copy them with',
};

function wayOf(data: DataConfig['data']): Way {
  if (data.prepare !== undefined) return 'prepare';
  return data.convert === undefined ? 'exists' : 'convert';
}
