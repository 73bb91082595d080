import type { CheckpointRef, RejectedCheckpoint } from '../../../domain/checkpoints.js';
import type { RunConfig } from '../../../domain/config.js';
import { type Control, controlFile, isAcknowledged } from '../../../domain/control.js';
import { type EndedByUs, type JobEvidence, nodesTaken } from '../../../domain/endings/evidence.js';
import { counts } from '../../../domain/lineage.js';
import { spendUntil } from '../../../domain/money/spend-until.js';
import type { EndSighting } from '../../../domain/proof.js';
import type { JournalEntry } from '../../../domain/journal.js';
import { type ListedCheckpoint, isWhole } from '../../../domain/resume/listing.js';
import { type CheckpointRecord, badRecord, readManifest, recordOf } from '../../../domain/resume/verification.js';
import { type HeldCheckpoint, heldState } from '../../../domain/retention.js';
import type { AttemptRecord, LineagePart } from '../../../domain/attempts.js';
import type { HeartbeatSight, JobSight, Sighting, TrainerSight } from '../../../domain/watch/sighting.js';
import type { JobRequest, SimJob } from '../world/job.js';
import { hashesOf, manifestOf } from '../world/storage.js';
import { timedStarts } from '../world/timed.js';
import type { World } from '../world/world.js';
import type { Decisions } from './decisions.js';
import { type TakenUp, readPast } from './past.js';
import { Unanswered } from './worker.js';

/** The activities: what the supervisor sees of the world and does to it, and what it cannot see while something is down. */
export class Calls {
  /** Verification records, as they lie in Blob; each checkpoint is hashed once. */
  private readonly records = new Map<string, CheckpointRecord>();
  private hashedListing: readonly ListedCheckpoint[] = [];

  constructor(
    private readonly world: World,
    private readonly decisions: Decisions,
  ) {}

  /** Looks, puts where nothing is, adopts what is there. */
  /** Whose run it is stands in the storage. */
  submit(request: JobRequest): { adopted: boolean } {
    this.needsStorage();
    this.needsAzure();
    if (this.world.job(request.name) !== undefined) return { adopted: true };
    this.world.put(request);
    return { adopted: false };
  }

  look(name: string): Sighting {
    const { now } = this.world;
    return { at: now, job: this.jobSight(name), trainer: this.trainerSight(name) };
  }

  /** The heartbeat alone; null where there is none, or it cannot be read. */
  glance(name: string): HeartbeatSight | null {
    const { storage, now } = this.world;
    return storage.downUntil > now ? null : (this.world.job(name)?.start?.heartbeat(now) ?? null);
  }

  /** Writes control.json; what it is acknowledged by. */
  control(name: string, control: Control, heldSeconds: number): { sequence: number; checkpointNow: number } | null {
    const start = this.world.job(name)?.start;
    if (start === null || start === undefined || this.world.storage.downUntil > this.world.now) return null;
    const { now } = this.world;
    const until = control.lease === null ? null : spendUntil(control.lease, heldSeconds, now);
    const sequence = controlFile(control, heldSeconds, now)['sequence'] as number;
    if (!isAcknowledged(control, { sequence: start.ackedSequence }))
      start.tell({ ...control, sequence, spendUntil: until }, now);
    return { sequence: start.ackedSequence, checkpointNow: start.ackedCheckpoints };
  }

  cancel(name: string): void {
    this.needsAzure();
    const job = this.world.job(name);
    if (job !== undefined) this.world.requestCancel(job);
  }

  endSighting(name: string, withNodes: boolean): EndSighting {
    const job = this.jobSight(name);
    const answered = this.world.azure.until <= this.world.now;
    const nodes = !withNodes
      ? null
      : answered
        ? { answered, nodes: this.world.nodes.list(this.world.now, this.world.holders()) }
        : { answered: false as const };
    return { at: this.world.now, job, nodes: nodes };
  }

  deleteCluster(name: string): void {
    this.needsAzure();
    this.world.deleteCluster(name);
  }

  findCheckpoint(
    lineage: readonly LineagePart[],
    below: number | null,
    refused: string | null,
  ): { checkpoint: CheckpointRef | null; rejected: readonly RejectedCheckpoint[] } {
    for (;;) {
      this.needsStorage();
      const checkpoints = this.world.storage.listing();
      const answer = this.decisions.climb({
        phase: 'p1',
        checkpoints,
        records: [...this.records.values()],
        lineage,
        below,
      });
      if (answer.kind === 'verify') {
        this.hash(answer.checkpoint);
        continue;
      }
      for (const { path } of answer.quarantine) this.world.storage.remove(path);
      if (refused !== null) this.world.storage.remove(refused);
      return { checkpoint: answer.kind === 'take' ? answer.checkpoint : null, rejected: answer.rejected };
    }
  }

  evidence(name: string, status: JobEvidence['status'], endedByUs: EndedByUs | null, final: boolean): JobEvidence {
    this.needsAzure();
    this.needsStorage();
    const job = this.world.job(name);
    if (job === undefined) throw new Error(`no job ${name}`);
    const neverHeld = job.ranFrom === null;
    const beating = job.beating(this.world.now);
    return {
      ...{ jobName: name, status, endedByUs, finalCheckpointVerified: final, warnings: job.warnings },
      ...{
        errorCode: job.error?.code ?? null,
        errorMessage: job.error?.message ?? null,
        cancelationReason: job.cancelReason,
      },
      preemptedNodes: nodesTaken(
        this.world.nodes.list(this.world.now, this.world.holders()),
        name,
        // A trainer names its nodes in its heartbeat.
        beating.at(-1)?.nodes ?? [],
      ),
      trainerStarted: beating.length > 0,
      incarnations: Math.max(1, beating.length),
      lastWords: job.start?.words ?? job.words,
      ranSeconds: neverHeld ? null : ((job.endedAt ?? this.world.now) - (job.ranFrom ?? 0)) / 1000,
    };
  }

  /** What run history and the files of its starts tell of a job's time. */
  measure(name: string): Pick<AttemptRecord, 'nodesFrom' | 'starts'> & { readonly nodesUntil: number | null } {
    const job = this.world.job(name);
    if (job === undefined) return { nodesFrom: null, nodesUntil: null, starts: [] };
    return { nodesFrom: job.ranFrom, nodesUntil: job.endedAt, starts: timedStarts(job, this.world.now) };
  }

  record(entries: readonly JournalEntry[]): void {
    this.needsStorage();
    this.world.storage.append(entries);
  }

  /** Adds the chain to those that worked on the run, and reads what they left. @returns null where it is the first */
  claim(config: RunConfig, chain: string): TakenUp | null {
    this.needsStorage();
    this.needsAzure();
    const { chains } = this.world.storage;
    if (!chains.includes(chain)) chains.push(chain);
    const before = chains.slice(0, chains.indexOf(chain));
    return before.length === 0 ? null : readPast(this.world, config, before, this.decisions);
  }

  /** Jobs of the run that Azure lists as living. */
  jobsAlive(): string[] {
    this.needsAzure();
    const { jobs, unknownUntil, now } = this.world;
    return unknownUntil > now ? [] : jobs.filter(({ isOver }) => !isOver).map(({ request }) => request.name);
  }

  /** @param open the attempt that lives */
  retain(config: RunConfig, lineage: readonly LineagePart[], open: string, inUse: readonly string[]): void {
    this.needsStorage();
    const held = this.world.storage.listing().map((one): HeldCheckpoint => {
      const { path, step, attempt } = one;
      const state = heldState(this.records.get(path) ?? null, one);
      return { path, step, state, counts: counts(lineage, one), ended: attempt !== open, loss: null };
    });
    for (const { path } of this.decisions.removable(held, config.checkpoints.keep, inUse))
      this.world.storage.remove(path);
  }

  private jobSight(name: string): JobSight {
    const { azure, now, unknownUntil } = this.world;
    if (azure.until > now) return { answered: false, why: azure.how, throttled: azure.how === 'throttled' };
    if (unknownUntil > now) return { answered: true, status: 'NotFound' };
    return { answered: true, status: this.world.job(name)?.status ?? 'NotFound' };
  }

  private trainerSight(name: string): TrainerSight {
    const { storage, now } = this.world;
    if (storage.downUntil > now) return { answered: false, why: 'the storage timed out' };
    this.hashNew();
    const job = this.world.job(name);
    const heartbeat = job?.beating(now).at(-1)?.heartbeat(now) ?? null;
    return { answered: true, heartbeat, validCheckpoint: this.newestValid(job) };
  }

  private newestValid(job: SimJob | undefined): string | null {
    let newest: ListedCheckpoint | null = null;
    for (const one of this.hashedListing) {
      const isOfJob = one.attempt === job?.request.attempt && this.records.get(one.path)?.verdict.kind === 'good';
      if (isOfJob && (newest === null || one.step > newest.step)) newest = one;
    }
    return newest === null ? null : `${newest.incarnation}/${newest.step}`;
  }

  /** The data worker hashes what has appeared since. */
  private hashNew(): void {
    const listing = this.world.storage.listing();
    if (listing === this.hashedListing) return;
    this.hashedListing = listing;
    for (const one of listing) if (isWhole(one) && !this.records.has(one.path)) this.hash(one);
  }

  private hash(one: ListedCheckpoint): void {
    const stored = this.world.storage.at(one.path);
    if (stored === undefined) return;
    const manifest = readManifest(one, 'p1', manifestOf(stored));
    this.records.set(
      one.path,
      'bad' in manifest ? badRecord(one, manifest.bad) : recordOf(one, manifest, hashesOf(stored)),
    );
  }

  private needsAzure(): void {
    if (this.world.azure.until > this.world.now) throw new Unanswered();
  }

  private needsStorage(): void {
    if (this.world.storage.downUntil > this.world.now) throw new Unanswered();
  }
}
