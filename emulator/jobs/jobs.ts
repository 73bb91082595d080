import { secondsSince } from '../clock.js';
import { isLocal, isServerless, isTerminal, type Job, type JobRequest, type JobStatus } from '../entities/job.js';
import { reap } from '../nodes/reaper.js';
import type { Collection } from '../store/collection.js';
import type { World } from '../world.js';
import { PREEMPTION, unfit, type Ending } from './endings.js';
import { newJob } from './newJob.js';
import { JobStart } from './start.js';
import { makeServerless } from './serverless.js';
import { clusterOf, noCluster } from './target.js';
import { TimeLimits } from './timeLimits.js';

const STARTING_SECONDS = 0.2;

/** All jobs: their queue, their starts on nodes, and how they end. */
export class Jobs {
  private readonly starts = new Map<string, JobStart>();
  private readonly limits: TimeLimits;
  private closed = false;

  constructor(
    private readonly world: World,
    private readonly entities: Collection<Job>,
  ) {
    this.limits = new TimeLimits(world.clock, (job, reason) => this.cancel(job, reason));
  }

  all(): Job[] {
    return this.entities.all();
  }

  get(name: string): Job | undefined {
    return this.entities.get(name);
  }

  /** The start of a job that has nodes now. */
  startOf(name: string): JobStart | undefined {
    return this.starts.get(name.toLowerCase());
  }

  save(job: Job): Job {
    job.modifiedAt = this.world.clock.now().toISOString();
    return this.entities.put(job.name, job);
  }

  delete(name: string): void {
    this.entities.delete(name);
  }

  /** Takes a job in. Everything that may be wrong with it but its form shows later, as in the service. */
  submit(name: string, request: JobRequest): Job {
    const { experimentName } = request;
    const sameExperiment = this.all().find((each) => each.request.experimentName === experimentName);
    const job = newJob(name, request, sameExperiment?.experimentId, this.world.clock.now());
    this.save(job);
    // A local job waits for its client, who runs it; here it never runs.
    if (job.status === 'Starting') this.world.clock.after(STARTING_SECONDS, () => this.enqueue(job));
    return job;
  }

  /** Ends a job for the reason given: at once while it waits, by SIGTERM and a grace while it runs. */
  cancel(name: string, reason: string): void {
    const job = this.get(name);
    if (job === undefined || isTerminal(job.status) || job.status === 'CancelRequested') return;
    job.cancelationReason = reason;
    this.move(job, 'CancelRequested');
    const start = this.startOf(name);
    if (start === undefined) this.finish(job, { status: 'Canceled', reason });
    else start.end({ status: 'Canceled', reason }, this.world.options.graceSeconds);
  }

  /** Cancels every job of a cluster. */
  cancelOn(cluster: string, reason: string): void {
    for (const job of this.all()) if (isOn(job, cluster)) this.cancel(job.name, reason);
  }

  /** Nodes that jobs of a cluster have or wait for. */
  demand(cluster: string): number {
    const wanting = this.all().filter(
      (job) => isOn(job, cluster) && !isTerminal(job.status) && job.status !== 'Starting',
    );
    return wanting.reduce((sum, job) => sum + job.request.resources.instanceCount, 0);
  }

  /** Names of the jobs that have nodes now. */
  onNodes(): string[] {
    return this.all().flatMap(({ name }) => (this.startOf(name) === undefined ? [] : [name]));
  }

  /** Gives idle nodes of a cluster to the jobs that wait longest. */
  dispatch(cluster: string): void {
    const waiting = this.all().filter(
      (job) => job.status === 'Queued' && isOn(job, cluster) && !this.startOf(job.name) && this.mayStart(job),
    );
    for (const job of waiting.sort((left, right) => left.createdAt.localeCompare(right.createdAt))) {
      const nodes = this.world.clusters.reserve(cluster, job.request.resources.instanceCount, job.name);
      // First in, first out: a small job does not overtake a big one, or the big one would starve.
      if (nodes === undefined) return;
      this.begin(job, new JobStart(this.world, job, nodes, this.listen(job)));
    }
  }

  /** After a restart of the emulator: what had nodes was preempted, what waited waits on, what was being canceled is. */
  recover(): void {
    const active = this.all().filter((job) => !isTerminal(job.status) && !isLocal(job.request));
    reap(active);
    for (const job of active) {
      const waited = job.status === 'Starting' || (job.status === 'Queued' && job.nodes.length === 0);
      if (waited) this.enqueue(job);
      else if (job.status === 'CancelRequested')
        this.finish(job, { status: 'Canceled', reason: job.cancelationReason ?? 'The job was canceled.' });
      else this.finish(job, { status: 'Failed', error: PREEMPTION });
    }
  }

  /** Kills every process of every job; their jobs come back as preempted at the next start. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.starts.values()].map((start) => start.kill()));
  }

  private enqueue(job: Job): void {
    if (isTerminal(job.status) || this.closed) return;
    const cluster = this.world.clusters.get(clusterOf(job)) ?? makeServerless(this.world, job);
    const { instanceCount } = job.request.resources;
    if (cluster === undefined) {
      this.finish(job, { status: 'Failed', error: unfit(noCluster(this.world, job)) });
      return;
    }
    this.move(job, 'Queued');
    if (instanceCount > cluster.maxNodes) {
      const error = unfit(
        `The specified node count ${instanceCount} exceeds the maximum of ${cluster.maxNodes} nodes of the compute target ${cluster.name}.`,
      );
      this.finish(job, { status: 'Failed', error });
    } else {
      if (job.startedAt !== null) this.limits.begin(job);
      this.wait(job);
    }
  }

  // Nodes are asked for at once; whether they are given to it is another matter.
  private wait(job: Job): void {
    const name = clusterOf(job);
    this.world.clusters.settle(name);
    this.dispatch(name);
    const { queueSeconds } = this.world.options;
    if (queueSeconds > 0) this.world.clock.after(queueSeconds, () => this.dispatch(name));
  }

  private mayStart(job: Job): boolean {
    const queuedAt = job.history.findLast(({ status }) => status === 'Queued')?.at ?? job.createdAt;
    // A timer may be early by a moment.
    return secondsSince(this.world.clock, queuedAt) >= this.world.options.queueSeconds - 0.1;
  }

  private begin(job: Job, start: JobStart): void {
    this.starts.set(job.name.toLowerCase(), start);
    this.move(job, 'Preparing');
    void start.begin();
  }

  private listen(job: Job): ConstructorParameters<typeof JobStart>[3] {
    return {
      status: (status) => this.move(job, status),
      agents: (agents) => {
        job.nodes = agents.map(({ nodeId, pid, started }) => ({ nodeId, pid, started }));
        this.save(job);
      },
      log: (artifact) => {
        if (!job.logs.includes(artifact)) job.logs = [...job.logs, artifact].sort();
        this.save(job);
      },
      uploaded: (output, blob, json) => this.world.scenario.uploaded({ job: job.name, output, blob, json }),
      storing: (blob, bytes) => this.world.uploadFaults.treat(job.name, blob, bytes),
      ended: (ending) => this.startEnded(job, ending),
    };
  }

  private startEnded(job: Job, ending: Ending): void {
    const start = this.startOf(job.name);
    this.starts.delete(job.name.toLowerCase());
    job.nodes = [];
    if (ending.status === 'Queued') this.requeue(job, ending.warning);
    else this.finish(job, ending);
    const nodeIds = start?.nodes.map(({ nodeId }) => nodeId) ?? [];
    this.world.clusters.release(clusterOf(job), nodeIds);
    if (job.status === 'Queued') this.wait(job);
    this.dispatch(clusterOf(job));
  }

  private requeue(job: Job, warning: string): void {
    job.attempt += 1;
    job.warnings.push(warning);
    this.move(job, 'Queued');
  }

  private finish(job: Job, ending: Exclude<Ending, { status: 'Queued' }>): void {
    if (ending.status === 'Failed') job.error = ending.error;
    if (ending.status === 'Canceled') job.cancelationReason = ending.reason;
    this.limits.end(job);
    if (isServerless(job.request)) this.world.clusters.delete(clusterOf(job));
    job.nodes = [];
    job.endedAt = this.world.clock.now().toISOString();
    this.move(job, ending.status);
  }

  private move(job: Job, status: JobStatus): void {
    const now = this.world.clock.now().toISOString();
    const begins = status === 'Running' && job.status !== 'NotResponding';
    if (begins) {
      job.startedAt ??= now;
      job.lastStartedAt = now;
      this.limits.begin(job);
    }
    // A word of cancel stands until the job is at its end.
    const overruled = job.status === 'CancelRequested' && !isTerminal(status);
    if (overruled || job.status === status) return;
    job.status = status;
    job.revision += 1;
    job.history.push({ status, at: now });
    this.save(job);
    this.world.log(`job ${job.name}: ${status}${job.error === null ? '' : ` (${job.error.message.split('\n')[0]})`}`);
    this.world.scenario.statusChanged({ job: job.name, status });
  }
}

function isOn(job: Job, cluster: string): boolean {
  return clusterOf(job).toLowerCase() === cluster.toLowerCase();
}
