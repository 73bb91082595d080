import type { AttemptRecord } from '../attempts.js';
import type { JobEnding } from '../endings/names.js';
import type { Bucket } from './buckets.js';
import type { Canvas, Segment } from './canvas.js';
import type { Kept } from './kept.js';
import { type Training, startsOf, trainingsOf } from './training.js';

/** What the events tell of an attempt; epoch milliseconds, null where nothing is told. */
export interface AttemptMarks {
  /** When Azure had taken its job. */
  readonly submittedAt: number | null;
  /** When somebody or a limit wanted its end. */
  readonly stopAt: number | null;
  /** What the time is called in which the limit was not noticed yet; null where it was no limit, or one before the first step. */
  readonly before: Extract<Bucket, 'hang' | 'finalizing'> | null;
}

/** Endings in which steps stood still before a job ended. */
const STOOD_STILL: ReadonlySet<JobEnding> = new Set(['stuck-rank', 'hung', 'lost-peer', 'no-new-checkpoint']);

/** What may be the time of a stop that was wished for: steps that a trainer did meanwhile are steps. */
const STOPPABLE: ReadonlySet<Bucket> = new Set(['queue', 'boot', 'startup', 'restore', 'hang', 'finalizing']);

/** When nodes are paid for: as Azure tells it; where it does not, from the trainer's first sign of life. Null where there was none. */
export function heldFrom(record: AttemptRecord): number | null {
  if (record.nodesFrom !== null) return record.nodesFrom;
  const [first] = startsOf(record);
  return first?.startedAt ?? first?.trainingFrom ?? null;
}

/** The time of one attempt, from its submission to the end of its job by Azure's clock. */
export function paintAttempt(canvas: Canvas, record: AttemptRecord, kept: Kept | undefined, marks: AttemptMarks): void {
  const { submittedAt, endedAt, jobName } = record;
  const paint = (from: number, until: number, bucket: Bucket, nodes: number) => {
    const inside = { from: Math.max(from, submittedAt), until: Math.min(until, endedAt) };
    canvas.paint({ ...inside, bucket, jobName, nodes } satisfies Segment);
  };
  paint(submittedAt, endedAt, 'queue', 0);
  paint(submittedAt, marks.submittedAt ?? submittedAt, 'submit', 0);
  const held = heldFrom(record);
  if (held !== null) {
    const onNodes = (from: number, until: number, bucket: Bucket) =>
      paint(Math.max(from, held), until, bucket, record.nodes);
    onNodes(held, endedAt, record.startsLeftOut === undefined ? 'boot' : 'unexplained');
    paintStarts(record, trainingsOf(record, kept), marks, onNodes);
  }
  if (marks.stopAt !== null) canvas.rename(Math.max(marks.stopAt, submittedAt), endedAt, 'stopping', STOPPABLE);
}

type Paint = (from: number, until: number, bucket: Bucket) => void;

function paintStarts(
  record: AttemptRecord,
  trainings: readonly (Training | null)[],
  marks: AttemptMarks,
  paint: Paint,
): void {
  const starts = startsOf(record);
  for (const [index, start] of starts.entries()) {
    const next = starts.slice(index + 1).find(({ startedAt, trainingFrom }) => (startedAt ?? trainingFrom) !== null);
    const over = next?.startedAt ?? next?.trainingFrom ?? record.endedAt;
    const training = trainings[index] ?? null;
    const firstWord = start.startedAt ?? training?.from ?? over;
    paint(firstWord, training?.from ?? over, 'startup');
    if (training === null) continue;
    paint(Math.max(firstWord, training.from - (start.restoreSeconds ?? 0) * 1000), training.from, 'restore');
    const isLast = next === undefined;
    paint(training.until, over, isLast ? tailOf(record, marks) : 'boot');
    paint(training.until, Math.min(over, training.until + (start.lastStallSeconds ?? 0) * 1000), 'checkpoint-stall');
    paintTraining(training, paint);
  }
}

/** Stalls of many checkpoints are drawn as one, at the end of the stretch that they interrupt, in the share that it has of all training. */
function paintTraining({ from, keptUntil, until, stall }: Training, paint: Paint): void {
  const share = until > from ? (keptUntil - from) / (until - from) : 0;
  const keptStall = Math.round(stall * share);
  paint(from, keptUntil, 'useful');
  paint(keptUntil - keptStall, keptUntil, 'checkpoint-stall');
  paint(keptUntil, until, 'lost-work');
  paint(until - (stall - keptStall), until, 'checkpoint-stall');
}

/** What the time behind the last known step was. */
function tailOf({ ending }: AttemptRecord, { before }: AttemptMarks): Bucket {
  return before ?? (STOOD_STILL.has(ending) ? 'hang' : 'finalizing');
}
