import type { Fault, Schedule } from '../schedule.js';
import { type JobRequest, SimJob, type TerminalStatus } from './job.js';
import { move } from './life.js';
import { Nodes } from './nodes.js';
import { Storage } from './storage.js';
import { strike } from './strike.js';

/** Why time stopped: it had come, or somebody or a trainer said something. */
export type Woken = 'over' | 'message' | 'notice';

/** A workspace with one cluster, its storage and a virtual clock: jobs live in it by themselves, faults strike them by the schedule. */
export class World {
  /** Virtual milliseconds since the run began. */
  now = 0;
  readonly jobs: SimJob[] = [];
  readonly storage = new Storage();
  readonly nodes = new Nodes();
  azure: { until: number; how: 'error' | 'unauthorized' | 'throttled' } = { until: 0, how: 'error' };
  unknownUntil = 0;
  capacity = { until: 0, refused: false };
  quotaUntil = 0;
  slowSeconds = 0;
  /** Names of clusters that were deleted and not made again. */
  readonly deletedClusters = new Set<string>();
  readonly broken: string[] = [];
  /** Faults that found what they strike. */
  readonly struck = new Map<string, number>();
  private readonly faults: readonly Fault[];
  private nextFault = 0;
  private live: SimJob[] = [];
  private interrupted = false;
  private noticed = false;

  constructor(
    readonly schedule: Schedule,
    /** Faults that strike the supervisor, not the world. */
    private readonly onSupervisor: (fault: Fault) => boolean | void,
  ) {
    this.faults = schedule.faults;
    this.storage.onDamage = ({ path, attempt }) => {
      const hit = this.jobs.filter(({ request }) => request.attempt === attempt || request.resume?.path === path);
      for (const { causes } of hit) causes.push('damaged');
    };
  }

  /** Lets the time pass, with all that happens in it. @param wakes stops early when a fault strikes the supervisor, or also when a trainer gives notice */
  advance(to: number, wakes: 'never' | 'message' | 'notice' = 'never'): Woken {
    this.interrupted = this.noticed = false;
    for (;;) {
      if (wakes !== 'never' && this.interrupted) return 'message';
      if (wakes === 'notice' && this.noticed) return 'notice';
      const fault = this.faults[this.nextFault];
      const faultAt = fault === undefined ? Infinity : fault.at * 1000;
      const job = this.soonest();
      const at = Math.min(faultAt, job?.nextAt() ?? Infinity);
      this.now = Math.max(this.now, Math.min(at, to));
      if (at > to) return 'over';
      if (job !== null && job.nextAt() <= faultAt) this.happen(job);
      else if (fault !== undefined) this.strike(fault);
    }
  }

  /** A trainer was warned, or left: its heartbeat will say so. */
  notice(): void {
    this.noticed = true;
  }

  put(request: JobRequest): SimJob {
    const job = new SimJob(request, this.now);
    this.jobs.push(job);
    this.live.push(job);
    return job;
  }

  job(name: string): SimJob | undefined {
    return this.jobs.find(({ request }) => request.name === name);
  }

  /** The job that faults strike: the youngest that lives. */
  target(): SimJob | undefined {
    return this.live.at(-1);
  }

  requestCancel(job: SimJob): void {
    if (job.isOver || job.status === 'CancelRequested') return;
    const wasQueued = job.status === 'Queued';
    job.status = 'CancelRequested';
    job.cancelAskedAt = this.now;
    job.start?.warn(this.now);
    job.moveAt = this.now + (wasQueued ? 2_000 : 25_000);
  }

  end(job: SimJob, status: TerminalStatus, error: SimJob['error'] = null): void {
    if (job.isOver) return;
    this.stopTrainer(job);
    job.release(this.now);
    Object.assign(job, { status, error, endedAt: this.now, words: job.start?.words ?? null });
    this.live = this.live.filter((one) => one !== job);
  }

  /** Back to the queue on other nodes, under the same name. */
  requeue(job: SimJob): void {
    this.stopTrainer(job);
    if (job.start !== null) job.startsBefore.push(job.start);
    job.start = null;
    job.words = null;
    job.release(this.now);
    Object.assign(job, { status: 'Queued', moveAt: this.now + 60_000 });
    job.warnings.push('Low priority compute preemption warning: a node has been preempted');
  }

  deleteCluster(name: string): void {
    this.deletedClusters.add(name);
    for (const job of this.live.filter(({ request }) => request.cluster === name)) {
      this.stopTrainer(job);
      job.release(this.now);
    }
  }

  /** So many seconds all jobs have held nodes. */
  heldSeconds(): number {
    return this.jobs.reduce((sum, job) => sum + job.heldMs(this.now), 0) / 1000;
  }

  holders(): SimJob[] {
    return this.live.filter(({ holdsNodes }) => holdsNodes);
  }

  private stopTrainer(job: SimJob): void {
    if (job.start === null) return;
    if (job.summaries.length < job.starts) job.summaries.push(job.start.summary(Math.min(this.now, job.cancelAskedAt)));
    job.start.kill(this.now);
  }

  private soonest(): SimJob | null {
    let best: SimJob | null = null;
    for (const job of this.live) if (best === null || job.nextAt() < best.nextAt()) best = job;
    return best;
  }

  private strike(fault: Fault): void {
    this.nextFault++;
    strike(this, fault, (struck) => {
      if (this.onSupervisor(struck) === true) this.interrupted = true;
    });
  }

  private timeOut(job: SimJob): void {
    job.timeoutAt = Infinity;
    if (job.status !== 'CancelRequested') job.cancelReason = 'The job was canceled because it exceeded its timeout.';
    this.requestCancel(job);
  }

  private happen(job: SimJob): void {
    const ownAt = job.start?.nextAt() ?? Infinity;
    if (job.timeoutAt <= Math.min(ownAt, job.moveAt)) return this.timeOut(job);
    if (ownAt <= job.moveAt) job.start?.happen(this.now);
    else move(this, job);
  }
}
