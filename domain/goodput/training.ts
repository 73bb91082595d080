import type { AttemptRecord } from '../attempts.js';
import type { Kept } from './kept.js';
import type { AttemptStart } from './starts.js';

/** One start's training: steps from `from` to `until`, of which those up to `keptUntil` are kept. Epoch milliseconds. */
export interface Training {
  readonly from: number;
  readonly keptUntil: number;
  readonly until: number;
  /** Milliseconds of checkpoint stalls inside. */
  readonly stall: number;
}

/** The starts of an attempt, oldest first; records of earlier releases tell of it as of one. */
export function startsOf(record: AttemptRecord): readonly AttemptStart[] {
  if (record.starts !== undefined) return record.starts;
  const { firstStep, lastStep, trainingFrom, trainedUntil } = record;
  const untold = { startedAt: null, restoreSeconds: null, stallSeconds: null, lastStallSeconds: null };
  return trainingFrom === null ? [] : [{ incarnation: '', ...untold, firstStep, lastStep, trainingFrom, trainedUntil }];
}

/**
 * What each start trained, and how much of it is kept; null for a start that did no step. Kept are the steps up to the checkpoint that counts,
 * and in earlier starts those up to where a later one, which is kept, took up.
 */
export function trainingsOf(record: AttemptRecord, kept: Kept | undefined): readonly (Training | null)[] {
  const starts = startsOf(record);
  const last = starts.findLastIndex(({ firstStep }) => firstStep !== null);
  const named = starts.findIndex(({ incarnation }) => incarnation === kept?.incarnation);
  const holder = named >= 0 ? named : last;
  const bounds = boundsOf(starts, kept?.step ?? 0, holder);
  return starts.map((start, index) => {
    const bound = bounds[index] ?? 0;
    const isMeasured = index === last && bound > 0 && bound === record.keptStep && record.keptUntil !== null;
    return trainingOf(start, isMeasured ? record.keptUntil : endOfStep(start, bound));
  });
}

/** Highest kept step of each start, 0 for none; starts behind the one that holds the checkpoint were undone. */
function boundsOf(starts: readonly AttemptStart[], step: number, holder: number): number[] {
  const bounds = starts.map(() => 0);
  let bound = step;
  for (let index = holder; index >= 0 && bound > 0; index--) {
    const { firstStep = null, lastStep = null } = starts[index] ?? {};
    if (firstStep === null || lastStep === null || firstStep > bound) continue;
    const holdsIt = lastStep >= bound || index === holder;
    if (!holdsIt) continue;
    bounds[index] = bound;
    bound = firstStep - 1;
  }
  return bounds;
}

/** Steps of one recipe take the same time: between two that were measured lies a line. */
function endOfStep({ firstStep, lastStep, trainingFrom, trainedUntil }: AttemptStart, step: number): number | null {
  if (firstStep === null || lastStep === null || trainingFrom === null || trainedUntil === null) return null;
  if (step < firstStep) return null;
  const share = Math.min(1, (step - firstStep + 1) / (lastStep - firstStep + 1));
  return trainingFrom + share * (trainedUntil - trainingFrom);
}

function trainingOf({ trainingFrom, trainedUntil, stallSeconds }: AttemptStart, end: number | null): Training | null {
  if (trainingFrom === null) return null;
  const until = Math.max(trainingFrom, trainedUntil ?? trainingFrom);
  const keptUntil = end === null ? trainingFrom : Math.min(Math.max(end, trainingFrom), until);
  return { from: trainingFrom, keptUntil, until, stall: Math.min((stallSeconds ?? 0) * 1000, until - trainingFrom) };
}
