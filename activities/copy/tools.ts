import { Context, cancellationSignal } from '@temporalio/activity';
import { realClock } from '../../azure/copy/clock.js';
import { newCarrying, openTarget, pacerOf } from '../../azure/copy/open.js';
import type { CopySource } from '../../azure/copy/source.js';
import type { CopyTools } from '../../azure/copy/tools.js';
import { type Deps, type Place, report } from '../deps.js';
import { type CopyDetails, Tally } from './tally.js';

/** Without an answer for so long a request of 16 MiB counts as lost: the slowest rate that Azure names for a block is far above it. */
const TRY_MS = 2 * 60_000;

/** What the copy of an activity works with: heartbeats with progress, stops when the activity is canceled. */
export function copyTools(
  deps: Deps,
  place: Place,
  source: CopySource,
  total: { blobs: number; bytes: number },
): { tools: CopyTools; tally: Tally } {
  const azure = deps.connection(place.azure);
  const { account, container } = place.storage;
  const before = Context.current().info.heartbeatDetails as Partial<CopyDetails> | undefined;
  const tally = new Tally(total, () => deps.now(), before ?? null);
  const tools: CopyTools = {
    source,
    target: openTarget(azure, account, container),
    pacer: pacerOf(azure, account),
    carrying: newCarrying(),
    clock: realClock,
    signal: cancellationSignal(),
    tryMs: TRY_MS,
    onNews: (news) => {
      tally.add(news);
      report(tally.details());
    },
  };
  return { tools, tally };
}
