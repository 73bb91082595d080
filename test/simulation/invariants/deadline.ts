import type { RunConfig } from '../../../domain/config.js';
import { reserveSeconds } from '../../../domain/money/budget.js';
import { OF_CHEAP_NODES } from '../generate.js';
import { DEDICATED, type Schedule } from '../schedule.js';
import type { World } from '../world/world.js';
import type { Checks } from './names.js';

/** Training that stands still for a while makes the pace that is seen slower than the true one. */
const SEEN_SLOWER = 1.5;

/** Whether a run moved to dedicated nodes when its deadline asked for it, and only then: by the work that was left in truth. */
export class DeadlineTruth {
  private moved = false;

  constructor(
    private readonly world: World,
    private readonly config: RunConfig,
    private readonly checks: Checks,
  ) {}

  /** @param step of the checkpoint that it goes on from */
  submitting(jobName: string, cluster: string, step: number): void {
    if (cluster !== DEDICATED) return;
    this.check(`${jobName} goes to dedicated nodes`, step);
    this.moved = true;
  }

  /** A job that trains well is ended, for the next one to go to dedicated nodes. @param step that it has saved */
  ended(jobName: string, step: number): void {
    this.check(`${jobName} is ended for the deadline`, step);
  }

  /** At the end of a run that came to its last step. */
  over(): void {
    const { schedule, jobs } = this.world;
    const due = schedule.deadline ?? null;
    if (due === null || !isOfCheapNodes(schedule)) return;
    const done = Math.max(...jobs.map(({ endedAt }) => endedAt ?? Infinity)) / 1_000;
    this.checks.check('deadline policy kept', done <= due, () => `done at ${done} s, it was due at ${due} s`);
  }

  private check(what: string, step: number): void {
    const { schedule, now } = this.world;
    const due = schedule.deadline ?? null;
    const { watch, recovery } = this.config;
    const training = (schedule.steps - step) * schedule.stepSeconds;
    const starts = 2 * recovery.dedicatedStartSeconds + reserveSeconds(this.config);
    // Who has moved goes back only where it could move once more.
    const overhead = this.moved ? 3 * starts : starts;
    const needed = training * SEEN_SLOWER + overhead + 2 * watch.pollSeconds + 2 * schedule.checkpointSeconds;
    const left = (due ?? Infinity) - now / 1_000;
    this.checks.check(
      'deadline policy kept',
      left <= needed,
      () => `${what} with ${Math.round(left)} s left, ${Math.round(training)} s of training to go from step ${step}`,
    );
  }
}

/** What dedicated nodes are spared is all that happens, and the training is sound. */
const isOfCheapNodes = ({ faults, poison }: Schedule): boolean =>
  poison.length === 0 && faults.every(({ kind }) => OF_CHEAP_NODES.has(kind));
