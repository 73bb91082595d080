import type { ListedNode } from '../../../domain/endings/evidence.js';
import type { Fault, Schedule } from '../schedule.js';
import { type Cause, type JobRequest, SimJob, type TerminalStatus } from './job.js';
import { Start } from './start.js';
import { Storage } from './storage.js';
import { strike } from './strike.js';

/** A preempted node stays in the list of nodes for a while. */
const LISTED_MS = 600_000;

/** A workspace with one cluster, its storage and a virtual clock: jobs live in it by themselves, faults strike them by the schedule. */
export class World {
  /** Virtual milliseconds since the run began. */
  now = 0;
  readonly jobs: SimJob[] = [];
  readonly storage = new Storage();
  azure: { until: number; how: 'error' | 'unauthorized' | 'throttled' } = { until: 0, how: 'error' };
  unknownUntil = 0;
  unlistedUntil = 0;
  capacity = { until: 0, refused: false };
  quotaUntil = 0;
  slowSeconds = 0;
  clusterDeleted = false;
  readonly broken: string[] = [];
  /** Faults that found what they strike. */
  readonly struck = new Map<string, number>();
  private readonly gone: { id: string; job: string; until: number }[] = [];
  private readonly faults: readonly Fault[];
  private nextFault = 0;
  private live: SimJob[] = [];
  private serial = 0;
  private interrupted = false;

  constructor(
    readonly schedule: Schedule,
    /** Faults that strike the supervisor, not the world. */
    private readonly onSupervisor: (fault: Fault) => void,
  ) {
    this.faults = schedule.faults;
    this.storage.onDamage = (attempt) =>
      this.jobs.find(({ request }) => request.attempt === attempt)?.causes.push('damaged');
  }

  /** Lets the time pass, with all that happens in it. @param wakes stops early when a fault strikes the supervisor */
  advance(to: number, wakes = false): void {
    this.interrupted = false;
    while (!(wakes && this.interrupted)) {
      const fault = this.faults[this.nextFault];
      const faultAt = fault === undefined ? Infinity : fault.at * 1000;
      const job = this.soonest();
      const at = Math.min(faultAt, job?.nextAt() ?? Infinity);
      if (at > to) {
        this.now = Math.max(this.now, to);
        return;
      }
      this.now = Math.max(this.now, at);
      if (job !== null && job.nextAt() <= faultAt) this.happen(job);
      else if (fault !== undefined) {
        this.nextFault++;
        strike(this, fault, (struck) => {
          this.interrupted = true;
          this.onSupervisor(struck);
        });
      }
    }
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
    Object.assign(job, { status, error, endedAt: this.now, holdsNodes: false, words: job.start?.words ?? null });
    this.live = this.live.filter((one) => one !== job);
  }

  /** Back to the queue on other nodes, under the same name. */
  requeue(job: SimJob): void {
    this.stopTrainer(job);
    job.start = null;
    job.words = null;
    Object.assign(job, { status: 'Queued', holdsNodes: false, moveAt: this.now + 60_000 });
    job.warnings.push('Low priority compute preemption warning: a node has been preempted');
  }

  loseNode(job: SimJob): void {
    const id = job.nodes.at(-1);
    if (id !== undefined) this.gone.push({ id, job: job.request.name, until: this.now + LISTED_MS });
  }

  deleteCluster(): void {
    this.clusterDeleted = true;
    for (const job of this.live) {
      this.stopTrainer(job);
      job.holdsNodes = false;
    }
  }

  nodes(): ListedNode[] {
    if (this.unlistedUntil > this.now) return [];
    const gone = this.gone
      .filter(({ until }) => until > this.now)
      .map(({ id, job }) => ({ id, state: 'preempted', jobName: job }));
    const held = this.live
      .filter(({ holdsNodes }) => holdsNodes)
      .flatMap(({ nodes, request }) => nodes.map((id) => ({ id, state: 'running', jobName: request.name })));
    return [...gone, ...held.filter(({ id }) => !gone.some((one) => one.id === id))];
  }

  holders(): SimJob[] {
    return this.live.filter(({ holdsNodes }) => holdsNodes);
  }

  private stopTrainer(job: SimJob): void {
    if (job.start === null) return;
    if (job.summaries.length < job.starts) job.summaries.push(job.start.summary(Math.min(this.now, job.cancelAskedAt)));
    job.start.kill();
  }

  private soonest(): SimJob | null {
    let best: SimJob | null = null;
    for (const job of this.live) if (best === null || job.nextAt() < best.nextAt()) best = job;
    return best;
  }

  private happen(job: SimJob): void {
    const ownAt = job.start?.nextAt() ?? Infinity;
    if (ownAt <= job.moveAt) job.start?.happen(this.now);
    else this.move(job);
  }

  private move(job: SimJob): void {
    job.moveAt = Infinity;
    if (job.stuckIn === job.status) return;
    if (job.status === 'Queued') return this.allocate(job);
    if (job.status === 'Preparing') return this.run(job);
    if (job.status === 'NotResponding') job.status = 'Running';
    else if (job.status === 'Finalizing') this.end(job, job.exit?.code === 0 ? 'Completed' : 'Failed', errorOf(job));
    else if (job.status === 'CancelRequested') this.end(job, 'Canceled');
  }

  private allocate(job: SimJob): void {
    if (this.quotaUntil > this.now && job.starts === 0) {
      job.causes.push('over-quota');
      return this.end(job, 'Failed', { code: 'UserError', message: 'JobNodeCountExceedsCoreQuota' });
    }
    if (this.capacity.until > this.now) {
      job.causes.push('no-capacity');
      if (this.capacity.refused && job.starts === 0)
        return this.end(job, 'Failed', { code: 'AllocationFailed', message: 'no capacity for it' });
      job.moveAt = this.capacity.until;
      return;
    }
    this.clusterDeleted = false;
    job.status = 'Preparing';
    job.holdsNodes = true;
    job.ranFrom ??= this.now;
    job.nodes = [`n${++this.serial}`, `n${++this.serial}`];
    job.moveAt = this.now + 60_000 + this.slowSeconds * 1000;
    job.extraStartSeconds = this.slowSeconds;
    this.slowSeconds = 0;
    const holders = this.holders();
    if (holders.length > 1)
      this.broken.push(`two jobs hold nodes: ${holders.map(({ request }) => request.name).join(', ')}`);
  }

  private run(job: SimJob): void {
    job.status = 'Running';
    job.starts++;
    const { attempt, resume, skipWindows } = job.request;
    const incarnation = `2026T${String(Math.floor(this.now)).padStart(12, '0')}-${job.starts}`;
    const stored = resume === null ? null : (this.storage.at(resume.path) ?? null);
    const { schedule, storage } = this;
    const onExit = (exit: SimJob['exit']) => this.exited(job, exit);
    const onCause = (cause: Cause) => void job.causes.push(cause);
    const newest = this.storage.checkpoints.filter((one) => one.attempt === attempt && one.wholeAt < Infinity);
    const newestBefore = Math.max(0, ...newest.map(({ step }) => step));
    job.start = new Start(
      {
        schedule,
        storage,
        attempt,
        incarnation,
        nodes: job.nodes,
        resume: stored,
        skipWindows,
        onExit,
        onCause,
        newestBefore,
        extraBootSeconds: job.extraStartSeconds,
      },
      this.now,
    );
    if (resume !== null && stored === null)
      this.broken.push(`${job.request.name} was given ${resume.path}, which does not exist`);
  }

  private exited(job: SimJob, exit: SimJob['exit']): void {
    job.exit = exit;
    job.exitedBy = exit?.cause ?? null;
    if (job.status === 'CancelRequested') {
      if (job.stuckIn !== 'CancelRequested') job.moveAt = this.now + 1_000;
      return;
    }
    job.status = 'Finalizing';
    job.moveAt = this.now + (exit?.code === 0 ? 15_000 : 3_000);
  }
}

function errorOf({ exit }: SimJob): SimJob['error'] {
  if (exit === null || exit.code === 0) return null;
  return { code: 'UserError', message: `Execution failed. User process 'bash' exited with status code ${exit.code}.` };
}
