import type { AttemptRecord, PhaseState } from '../../../domain/attempts.js';
import { counts } from '../../../domain/lineage.js';
import { attemptName } from '../../../domain/names.js';
import type { Settled } from '../pure/state.js';
import { type StoredCheckpoint, isSound } from '../world/storage.js';
import type { World } from '../world/world.js';
import type { Checks } from './names.js';

/** Which checkpoint may be taken, by the truth: what was damaged, when it was written, what was undone. */
export class CheckpointTruth {
  private readonly undone = new Set<string>();
  /** From within a spike that a trainer has told of. */
  private readonly spoilt = new Set<string>();
  private readonly closedAt = new Map<string, number>();
  private goodBefore = 0;
  private headBefore = true;

  constructor(
    private readonly world: World,
    private readonly checks: Checks,
  ) {}

  /** The newest sound checkpoint that may be taken is the one that is taken, and none that may not. */
  settled(record: AttemptRecord, { below, climbedAt, phase }: Settled): void {
    const { checkpoints } = this.world.storage;
    const attempt = attemptName(record.attempt);
    // A decision that was lost before it was recorded is taken again, by what there is then.
    this.closedAt.delete(attempt);
    if (below !== null) for (const { path, step } of checkpoints) if (step >= below) this.undone.add(path);
    const newest = Math.max(
      0,
      ...checkpoints.flatMap((one) => (isSound(one) && this.mayTake(one, climbedAt) ? [one.step] : [])),
    );
    const { head } = phase;
    const step = head?.step ?? 0;
    this.checks.check(
      'no step lost past the last valid checkpoint',
      step >= newest,
      () => `after ${record.jobName} (${record.ending}) step ${step} is taken, step ${newest} is valid`,
    );
    const taken = head === null ? undefined : this.world.storage.at(head.path);
    const isRight =
      head === null || (taken !== undefined && this.mayTake(taken, climbedAt) && taken.damagedAt > climbedAt);
    this.checks.check(
      'nothing damaged, undone or written late is continued',
      isRight,
      () => `after ${record.jobName} ${head?.path} is taken`,
    );
    this.closedAt.set(attempt, climbedAt);
    if (record.ending === 'loss-spike') for (const { path, tainted } of checkpoints) if (tainted) this.spoilt.add(path);
  }

  submitted(jobName: string, path: string | null): void {
    const isSpoilt = path !== null && this.spoilt.has(path);
    this.checks.check('nothing spoilt is continued', !isSpoilt, () => `${jobName} continues ${path}`);
  }

  retaining(phase: PhaseState): void {
    this.goodBefore = this.seemingGood(phase);
    // A head that was moved to quarantine by a workflow that was lost is still believed in until the next climb.
    this.headBefore = this.holdsHead(phase);
  }

  retained(phase: PhaseState): void {
    const good = this.seemingGood(phase);
    const headKept = this.holdsHead(phase) || !this.headBefore;
    const holds = headKept && good >= Math.min(2, this.goodBefore);
    this.checks.check(
      'the last two good checkpoints are kept',
      holds,
      () => `${this.goodBefore} good ones, ${good} after removal, head ${phase.head?.path ?? 'none'}`,
    );
  }

  private holdsHead({ head }: PhaseState): boolean {
    return head === null || this.world.storage.at(head.path) !== undefined;
  }

  /** There at the decision, not undone before, and written while its attempt was open. */
  private mayTake({ path, attempt, wholeAt }: StoredCheckpoint, climbedAt: number): boolean {
    return !this.undone.has(path) && wholeAt <= Math.min(climbedAt, this.closedAt.get(attempt) ?? Infinity);
  }

  /** Rot that nobody can have noticed does not count against who keeps a rotten checkpoint for a good one. */
  private seemingGood(phase: PhaseState): number {
    return this.world.storage.checkpoints.filter((one) => (isSound(one) || one.rotten) && counts(phase.lineage, one))
      .length;
  }
}
