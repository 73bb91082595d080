import type { AttemptRecord } from '../../../domain/attempts.js';
import type { Bucket } from '../../../domain/goodput/buckets.js';
import type { Segment } from '../../../domain/goodput/canvas.js';
import type { AttemptStart } from '../../../domain/goodput/starts.js';
import type { RunEvent, RunEventBody } from '../../../domain/events.js';
import { attempt, checkpoint } from '../samples.js';

/** An event at so many seconds. */
export const at = (seconds: number, body: RunEventBody): RunEvent => ({
  ...body,
  sequence: seconds,
  at: seconds * 1000,
});

/** A start that tells everything: restored in 10 s, trained from `from` to `until`, seconds. */
export function start(from: number, until: number, over: Partial<AttemptStart> = {}): AttemptStart {
  return {
    ...{ incarnation: 'i1', startedAt: (from - 30) * 1000, restoreSeconds: 10, firstStep: 1, lastStep: until - from },
    ...{ trainingFrom: from * 1000, trainedUntil: until * 1000, stallSeconds: 0, lastStallSeconds: 0 },
    ...over,
  };
}

/** The n-th attempt: submitted and ended at so many seconds, nodes 20 s later, known of 5 s later, one step a second. */
export function nth(
  number: number,
  submitted: number,
  ended: number,
  over: Partial<AttemptRecord> = {},
): AttemptRecord {
  const name = String(number).padStart(3, '0');
  return attempt({
    ...{ attempt: number, jobName: `demo-p1-a${name}`, submittedAt: submitted * 1000, endedAt: ended * 1000 },
    ...{ nodesFrom: (submitted + 20) * 1000, seenEndAt: (ended + 5) * 1000, keptStep: null, keptUntil: null },
    ...{ trainingFrom: null, trainedUntil: null, starts: [] },
    ...over,
  });
}

export const saved = (number: number, step: number, incarnation = 'i1') =>
  checkpoint(step, { attempt: `a${String(number).padStart(3, '0')}`, incarnation });

/** `queue 20, boot 30`: whole seconds, in their order. */
export const words = (segments: readonly Segment[]): string =>
  segments.map(({ bucket, from, until }) => `${bucket} ${(until - from) / 1000}`).join(', ');

export const secondsIn = (segments: readonly Segment[], bucket: Bucket): number =>
  segments.filter((one) => one.bucket === bucket).reduce((sum, { from, until }) => sum + until - from, 0) / 1000;
