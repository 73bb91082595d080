import type { AttemptRecord, PhaseState } from '../../../domain/attempts.js';
import type { RunConfig } from '../../../domain/config.js';
import type { JobEnding } from '../../../domain/endings/names.js';
import type { EndedByUs } from '../../../domain/endings/evidence.js';
import type { Listener, Open, Settled } from '../pure/state.js';
import type { Outcome } from '../pure/supervisor.js';
import type { Schedule } from '../schedule.js';
import type { SimJob } from '../world/job.js';
import { isSound } from '../world/storage.js';
import type { World } from '../world/world.js';
import { excuses, explains } from './causes.js';
import { CheckpointTruth } from './checkpoints.js';
import { DeadlineTruth } from './deadline.js';
import { Delays } from './delays.js';
import { isEarned } from './failures.js';
import { checkLedger } from './ledger.js';
import { lostAtTheEnd, repeated } from './lost-time.js';
import { checkBudget, mayEndForMoney } from './money.js';
import { Checks } from './names.js';

/** Watches a run from the world's side, where the truth is known: what struck which job, what was damaged, which samples spoil a model. */
export class Invariants implements Listener {
  readonly checks: Checks;
  readonly delays: Delays;
  private readonly checkpoints: CheckpointTruth;
  private readonly deadline: DeadlineTruth;
  private userErrors = 0;

  constructor(
    private readonly world: World,
    private readonly config: RunConfig,
    private readonly workerDownUntil: () => number,
  ) {
    this.checks = new Checks(() => world.now);
    this.checkpoints = new CheckpointTruth(world, this.checks);
    this.deadline = new DeadlineTruth(world, config, this.checks);
    this.delays = new Delays(world, config.watch.pollSeconds);
  }

  submitting({ jobName, resumedFrom, cluster }: Open): void {
    const held = this.world.holders().length;
    this.checks.check(
      'at most one job that holds nodes',
      held === 0,
      () => `${jobName} is submitted while ${held} jobs hold nodes`,
    );
    this.checkpoints.submitted(jobName, resumedFrom?.path ?? null);
    this.deadline.submitting(jobName, cluster, resumedFrom?.step ?? 0);
  }

  submitted(): void {
    this.delays.submitted(this.workerDownUntil());
  }

  delayed(): void {
    this.delays.forget();
  }

  settled(record: AttemptRecord, how: Settled): void {
    const { jobName, ending, because } = record;
    this.checkpoints.settled(record, how);
    const isMistake = ending === 'user-error' || ending === 'out-of-memory';
    this.userErrors += isMistake ? 1 : 0;
    const { userErrors } = how.phase;
    this.checks.check(
      'only mistakes cost the error budget',
      userErrors <= this.userErrors,
      () => `${userErrors} charged for ${this.userErrors} mistakes`,
    );
    const hasReason = because.length > 0 && (record.evidence?.length ?? 0) > 0;
    this.checks.check('every ending is explained', hasReason, () => `${jobName} ended ${ending} without a reason`);
    const job = this.world.job(jobName);
    if (job !== undefined) this.settledJob(job, record, how);
  }

  retaining(phase: PhaseState): void {
    this.checkpoints.retaining(phase);
  }

  retained(phase: PhaseState): void {
    this.checkpoints.retained(phase);
  }

  ended(by: EndedByUs, jobName: string): void {
    const job = this.world.job(jobName);
    if (by.for !== 'limit' || job === undefined) return;
    if (by.limit === 'deadline') return this.deadline.ended(jobName, savedBy(this.world, job));
    this.checks.check(
      'no healthy job is ended',
      by.limit === 'budget' ? mayEndForMoney(this.world, this.config) : excuses(job, by.limit),
      () => `${jobName} is ended for ${by.limit} after ${Math.round(by.seconds)} s, ${struck(job)}`,
    );
  }

  /** At the end. @param outcome null where the schedule was not over in time */
  over(outcome: Outcome | null): void {
    const { world, config, checks } = this;
    checks.held('never two writers', world.storage.begun);
    for (const what of world.broken) checks.check('at most one job that holds nodes', false, () => what);
    checks.check(
      'progress whenever capacity allows',
      outcome !== null,
      () => `not over after ${Math.round(world.now / 3_600_000)} h`,
    );
    if (outcome === null) return;
    const { failure } = outcome;
    const isRight = failure === null || isEarned(failure.outcome, world.storage.records(), config);
    checks.check(
      'a phase fails only by a budget that is spent',
      isRight,
      () => `${failure?.outcome}: ${failure?.reason}`,
    );
    const speaks =
      failure === null || (failure.reason !== '' && failure.evidence.length > 0 && failure.nextCommand !== '');
    checks.check('every ending is explained', speaks, () => 'the run failed without evidence or a next command');
    // A job that no cancel ends, and that holds no node, is Azure's to clear away.
    const left = world.jobs.filter(
      ({ isOver, holdsNodes, status }) => holdsNodes || !(isOver || status === 'CancelRequested'),
    );
    const names = left.map(({ request }) => request.name).join(', ');
    checks.check('nothing is left behind', left.length === 0, () => `${names} is still there`);
    checkLedger(checks, world, outcome);
    checkBudget(checks, world, config);
    if (outcome.outcome === 'completed') this.deadline.over();
  }

  private settledJob(job: SimJob, { jobName, ending, because }: AttemptRecord, { warned }: Settled): void {
    const { checks, config, world } = this;
    checks.check(
      'at most one job that holds nodes',
      job.isOver || !job.holdsNodes,
      () => `${jobName} is settled while it holds nodes`,
    );
    checks.check(
      'every ending is explained',
      explains(job, ending) || isForAPurpose(ending, world.schedule),
      () => `${jobName} is called ${ending} (${because}), ${struck(job)}`,
    );
    const end = lostAtTheEnd(job, world.schedule, config);
    checks.check(
      'no more time is lost than the limits allow',
      end.lost <= end.allowed,
      () => `${jobName} trained ${end.lost} s in vain, ${end.allowed} s are allowed, ${struck(job)}`,
    );
    for (const start of job.summaries) {
      const again = repeated(start, world.schedule, config);
      checks.check(
        'no more time is lost than the limits allow',
        again.lost <= again.allowed,
        () => `${jobName} repeated ${again.lost} s, ${again.allowed} s are allowed`,
      );
    }
    this.delays.settled(job, ending, warned);
  }
}

/** What a budget or a deadline ends was struck by nothing. */
function isForAPurpose(ending: JobEnding, { money = null, deadline = null }: Schedule): boolean {
  return (FOR_MONEY.has(ending) && money !== null) || (ending === 'moved-for-deadline' && deadline !== null);
}

/** Step of the newest sound checkpoint that a job wrote; where it wrote none, of the one that it began with. */
function savedBy({ storage }: World, { request }: SimJob): number {
  const own = storage.checkpoints.filter((one) => one.attempt === request.attempt && isSound(one));
  return Math.max(request.resume?.step ?? 0, ...own.map(({ step }) => step));
}

/** Endings of a job whose budget, lease or timeout is over. */
const FOR_MONEY: ReadonlySet<JobEnding> = new Set(['budget-spent', 'spend-until', 'time-limit']);

const struck = ({ causes }: SimJob) => `struck by ${causes.join(', ') || 'nothing'}`;
