import type { RunConfig } from './config.js';
import type { ListedCheckpoint } from './resume/listing.js';
import { type CheckpointRecord, stands } from './resume/verification.js';

/** A checkpoint as retention sees it. */
export interface HeldCheckpoint {
  readonly path: string;
  readonly step: number;
  /** `good`: hashed and untouched since; `open`: not hashed yet, or not whole. `bad` ones, and those touched since, are the ladder's business. */
  readonly state: 'good' | 'bad' | 'open';
  /** False where the lineage passes it by: undone, or of a late writer. */
  readonly counts: boolean;
  /** Whether its attempt is proven to have ended. */
  readonly ended: boolean;
  /** Mean training loss of the steps before it; null where its manifest names none. */
  readonly loss: number | null;
}

export interface Removal {
  readonly path: string;
  readonly reason: string;
}

/** @param record what came of hashing it; null where nobody has */
export function heldState(record: CheckpointRecord | null, listed: ListedCheckpoint): HeldCheckpoint['state'] {
  if (record === null) return 'open';
  return record.verdict.kind === 'good' && stands(record, listed) ? 'good' : 'bad';
}

/** However little is to be kept, two good checkpoints are: the newest may be damaged tomorrow. */
const GOOD_ALWAYS = 2;

/**
 * Which checkpoints may be deleted. Never one of the last two good ones, one that is not hashed yet while its attempt may live, or one that
 * `inUse` names (the resume source of a live attempt, the head of the phase, what another phase begins with).
 */
export function removable(
  held: readonly HeldCheckpoint[],
  keep: RunConfig['checkpoints']['keep'],
  inUse: readonly string[],
): Removal[] {
  const good = held.filter(({ state, counts }) => state === 'good' && counts).sort((a, b) => b.step - a.step);
  if (good.length < GOOD_ALWAYS) return [];
  const kept = new Set([
    ...inUse,
    ...[...newest(good, keep), ...spread(good, keep), ...best(good, keep), ...old(good, keep)].map(({ path }) => path),
  ]);
  return held.flatMap((checkpoint) => {
    const reason = kept.has(checkpoint.path) ? null : reasonAgainst(checkpoint);
    return reason === null ? [] : [{ path: checkpoint.path, reason }];
  });
}

type Keep = RunConfig['checkpoints']['keep'];
type Held = readonly HeldCheckpoint[];

const newest = (good: Held, { last }: Keep): Held => good.slice(0, Math.max(GOOD_ALWAYS, last));

/** The first one of every stretch of `everySteps`. */
function spread(good: Held, { everySteps }: Keep): Held {
  if (everySteps === undefined) return [];
  const stretch = ({ step }: HeldCheckpoint) => Math.floor(step / everySteps);
  return good.filter((one, index) => {
    const older = good[index + 1];
    return older === undefined || stretch(older) < stretch(one);
  });
}

function best(good: Held, keep: Keep): Held {
  const measured = good.filter(({ loss }) => loss !== null);
  return measured.sort((a, b) => (a.loss ?? 0) - (b.loss ?? 0)).slice(0, keep.best);
}

/** The newest that is old enough to lie before a spike that is only found later; the oldest of all where none is. */
function old(good: Held, { olderThanSteps }: Keep): Held {
  const before = (good[0]?.step ?? 0) - olderThanSteps;
  const found = good.find(({ step }) => step <= before) ?? good.at(-1);
  return found === undefined ? [] : [found];
}

function reasonAgainst({ state, counts, ended }: HeldCheckpoint): string | null {
  if (!counts) return ended ? 'the lineage passes it by' : null;
  if (state === 'good') return 'newer ones are good';
  return state === 'open' && ended ? 'its attempt ended before it was whole' : null;
}
