import type { AttemptRecord } from '../attempts.js';
import type { CheckpointRef } from '../checkpoints.js';
import type { RunEvent } from '../events.js';
import { paintAttempt } from './attempt-time.js';
import type { Bucket } from './buckets.js';
import { Canvas, type Segment } from './canvas.js';
import { keptOf } from './kept.js';
import { marksOf } from './marks.js';
import { paintStages } from './stages.js';
import { paintWaits } from './waits.js';

/** What the time of a run is told from; epoch milliseconds. */
export interface TimelineFacts {
  readonly from: number;
  readonly until: number;
  readonly events: readonly RunEvent[];
  /** Attempts whose end is settled, of all phases. */
  readonly attempts: readonly AttemptRecord[];
  /** Newest checkpoint that counts, by phase. */
  readonly heads: Readonly<Record<string, CheckpointRef | null>>;
}

/** The time of a run as segments that follow each other without a gap from its begin to its end. */
export function timeline({ from, until, events, attempts, heads }: TimelineFacts): Segment[] {
  const canvas = new Canvas(from, until);
  const byTime = [...events].sort((a, b) => a.at - b.at);
  const inOrder = [...attempts].sort((a, b) => a.submittedAt - b.submittedAt);
  const kept = keptOf(attempts, heads);
  const marks = marksOf(byTime, inOrder);
  paintStages(canvas, byTime, until);
  for (const [index, record] of inOrder.entries()) {
    const { jobName, endedAt, seenEndAt } = record;
    const next = inOrder[index + 1];
    // Where no stage is told, what lies between two attempts of a phase is known all the same.
    if (next?.phase === record.phase) canvas.rename(endedAt, next.submittedAt, 'decide', UNTOLD);
    canvas.paint({ from: endedAt, until: seenEndAt ?? endedAt, bucket: 'detect', jobName: null, nodes: 0 });
    paintAttempt(canvas, record, kept.get(jobName), marks.get(jobName) ?? UNMARKED);
  }
  paintWaits(canvas, byTime, until);
  return canvas.segments();
}

const UNTOLD: ReadonlySet<Bucket> = new Set(['unexplained']);
const UNMARKED = { submittedAt: null, stopAt: null, before: null };
