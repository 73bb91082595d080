import type { AttemptRecord } from '../attempts.js';
import type { JobEnding } from '../endings/names.js';
import { type Exposure, remembered } from './interruptions.js';

/** What a run has measured that its checkpoint interval depends on; small enough to live in workflow state. */
export interface Measured {
  /** Starts of its trainers that are over, oldest first. */
  readonly exposures: readonly Exposure[];
  /** How long training stood still for a checkpoint, the mean of each attempt, seconds, oldest first. */
  readonly stalls: readonly number[];
}

export const newMeasured = (): Measured => ({ exposures: [], stalls: [] });

/** So many attempts' stalls are remembered. */
const STALLS_KEPT = 32;

/** Endings that came unplanned and took with them what was not saved; an ending by the trainer's own mistake says nothing about the nodes. */
const INTERRUPTIONS: readonly JobEnding[] = [
  'preempted',
  'preempted-canceled',
  'node-lost',
  'lost-peer',
  'interrupted',
  'stuck-rank',
  'hung',
  'vanished',
];

/** What is known after one more attempt. */
export function withAttempt({ exposures, stalls }: Measured, record: AttemptRecord): Measured {
  const stall = stallOf(record);
  return {
    exposures: exposuresOf(record).reduce(remembered, exposures),
    stalls: stall === null ? stalls : [...stalls, stall].slice(-STALLS_KEPT),
  };
}

/** A start that another one followed in the same job was restarted in place: interrupted. */
function exposuresOf(record: AttemptRecord): Exposure[] {
  const starts = (record.starts ?? []).flatMap(({ startedAt }) => (startedAt === null ? [] : [startedAt]));
  // Where its trainer never spoke, nodes were up all the same.
  const begins = starts.length > 0 ? starts : record.nodesFrom === null ? [] : [record.nodesFrom];
  return begins.flatMap((from, index) => {
    const next = begins[index + 1];
    const seconds = ((next ?? record.endedAt) - from) / 1000;
    const interrupted = next !== undefined || isInterruption(record);
    return seconds > 0 ? [{ seconds, interrupted }] : [];
  });
}

/** Not where its loss was announced, and all that it had trained was saved in time. */
function isInterruption({ ending, keptStep, lastStep }: AttemptRecord): boolean {
  const allSaved = keptStep !== null && keptStep === lastStep;
  return INTERRUPTIONS.includes(ending) && !allSaved;
}

function stallOf({ starts = [], checkpointsWritten }: AttemptRecord): number | null {
  const known = starts.filter(({ stallSeconds }) => stallSeconds !== null);
  if (known.length === 0 || checkpointsWritten === 0) return null;
  const seconds = known.reduce((sum, start) => sum + (start.stallSeconds ?? 0) + (start.lastStallSeconds ?? 0), 0);
  return seconds / checkpointsWritten;
}
