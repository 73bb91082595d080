import { type Clock, realClock } from '../../../../azure/copy/clock.js';
import { openSource, openTarget } from '../../../../azure/copy/open.js';
import { Pacer } from '../../../../azure/copy/pacer.js';
import type { CopySource } from '../../../../azure/copy/source.js';
import type { CopyTarget } from '../../../../azure/copy/target.js';
import type { BlockNews, CopyTools } from '../../../../azure/copy/tools.js';
import { config, deps, place } from '../../support/deps.js';

export interface Kit extends CopyTools {
  readonly news: BlockNews[];
}

/** Time that passes at once where somebody waits for it. */
export const hurriedClock: Clock = { now: Date.now, chance: () => 1, wait: () => Promise.resolve() };

/** What a copy works with, made of a source and a target. */
export function kitOf(source: CopySource, target: CopyTarget, changes: Partial<CopyTools> = {}): Kit {
  const news: BlockNews[] = [];
  return {
    ...{ source, target, news, onNews: (one) => void news.push(one) },
    ...{ pacer: new Pacer(8, hurriedClock), carrying: new Pacer(4, hurriedClock), clock: hurriedClock },
    ...{ signal: new AbortController().signal, tryMs: 20_000 },
    ...changes,
  };
}

/** From one container of the stack's Azurite to another, as the product opens them. @param cloud a proxy's, or the stack's own */
export function kitBetween(from: string, to: string, cloud = 'local', clock: Clock = realClock): Kit {
  const azure = deps.connection(place('data', cloud).azure);
  const account = config('data').data.source.account ?? '';
  const source = openSource(azure, { account, container: from, access: 'delegation' }, clock);
  return kitOf(source, openTarget(azure, account, to));
}
