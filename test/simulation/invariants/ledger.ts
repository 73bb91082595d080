import type { Segment } from '../../../domain/goodput/canvas.js';
import { timeline } from '../../../domain/goodput/timeline.js';
import type { Outcome } from '../pure/supervisor.js';
import type { World } from '../world/world.js';
import type { Checks } from './names.js';

/** Clocks are whole milliseconds, and a kept step is found on a line between two that were measured. */
const TOLERANCE_MS = 100;

/** What the journal tells of the time of a run, against the clock and against the steps that the model contains. */
export function checkLedger(checks: Checks, { storage, schedule }: World, { outcome }: Outcome): void {
  const attempts = storage.records();
  const events = storage.entries().flatMap((entry) => (entry.type === 'event' ? [entry.event] : []));
  const ends = attempts.map(({ endedAt, seenEndAt }) => Math.max(endedAt, seenEndAt ?? endedAt));
  const times = [...events.map(({ at }) => at), ...attempts.map(({ submittedAt }) => submittedAt), ...ends];
  if (times.length === 0) return;
  const [from, until] = [Math.min(...times), Math.max(...times)];
  const segments = timeline({ from, until, events, attempts, heads: {} });
  const gap = gapIn(segments, from, until);
  checks.check('ledger sums to wall time', gap === null, () => `${gap}`);
  const isMeasured = attempts.some(({ starts = [] }) => starts.some(({ firstStep }) => firstStep !== null));
  if (outcome !== 'completed' || !isMeasured) return;
  const useful = segments.reduce((sum, one) => sum + (one.bucket === 'useful' ? one.until - one.from : 0), 0);
  const contained = schedule.steps * schedule.stepSeconds * 1000;
  // A ghost saves steps that no start was ever seen to do.
  const least = schedule.faults.some(({ kind }) => kind === 'ghost') ? 0 : contained - TOLERANCE_MS;
  checks.check(
    'ledger counts as useful what the model contains',
    useful >= least && useful <= contained + TOLERANCE_MS,
    () => `${useful / 1000} s are called useful, the steps of the model took ${contained / 1000} s`,
  );
}

/** Where the segments do not follow each other from begin to end; null where they do. */
function gapIn(segments: readonly Segment[], from: number, until: number): string | null {
  let end = from;
  for (const segment of segments) {
    if (segment.from !== end) return `a gap or an overlap at ${end}`;
    if (segment.until <= segment.from) return `a segment of ${segment.until - segment.from} ms at ${segment.from}`;
    end = segment.until;
  }
  return end === Math.round(until) ? null : `the ledger ends at ${end}, the run at ${until}`;
}
