import type { Comeback, Policy, World } from './policy.js';
import type { Series, UpTime } from './series.js';
import { train } from './train.js';

/** What a policy made of a series. Seconds. */
export interface Outcome {
  /** Training that counts at the end. */
  readonly useful: number;
  /** Nodes held. */
  readonly paid: number;
  readonly checkpoints: number;
  /** Up-times in which it held nodes. */
  readonly starts: number;
  /** When so much useful training was done, and what was paid by then; null where it never was. */
  readonly finished: { readonly at: number; readonly paid: number } | null;
}

/** Plays a policy over a series, from event to event. @param work useful seconds to finish, for deadline and cost */
export function replay(policy: Policy, world: World, series: Series, work: number): Outcome {
  const supervisor = policy.start(world, series);
  let asked: Comeback | null = { at: 0, pauseSeconds: null };
  let [useful, paid, checkpoints, starts] = [0, 0, 0, 0];
  let finished: Outcome['finished'] = null;
  let index = 0;
  while (asked !== null) {
    const got = nextNodes(series, index, asked);
    if (got === null) break;
    index = got.index + 1;
    const { until, interrupted } = got.upTime;
    const upSeconds = until - got.at;
    const { kept, checkpoints: made } = train(supervisor, world, upSeconds, interrupted);
    if (!supervisor.resumes) useful = 0;
    if (finished === null && kept > 0 && useful + kept >= work)
      finished = {
        at: got.at + (upSeconds * (work - useful)) / kept,
        paid: paid + (upSeconds * (work - useful)) / kept,
      };
    useful += kept;
    paid += upSeconds;
    checkpoints += made;
    starts += 1;
    if (!interrupted) break;
    const announced = world.noticeSeconds > 0;
    asked = supervisor.afterInterruption({ readyAt: got.at, at: until, announced, keptSeconds: kept });
  }
  return { useful, paid, checkpoints, starts, finished };
}

/** The first up-time in which a request gets its nodes; null where none does. */
function nextNodes(
  { upTimes, length }: Series,
  from: number,
  { at, pauseSeconds }: Comeback,
): { at: number; index: number; upTime: UpTime } | null {
  let ask = at;
  let refusals = 0;
  for (let index = from; index < upTimes.length; index += 1) {
    const upTime = upTimes[index] as UpTime;
    if (pauseSeconds === null) ask = Math.max(ask, upTime.from);
    else
      while (ask < upTime.from && ask < length) {
        refusals += 1;
        ask += pauseSeconds(refusals);
      }
    if (ask < upTime.until) return { at: ask, index, upTime };
  }
  return null;
}
