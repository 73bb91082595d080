import type { SubmitRequest } from '../../../activities/jobs.js';
import type { WatchRequest } from '../../../activities/watch.js';
import type { Delivery } from '../../../activities/webhook/deliver.js';
import type { WebhookMessage } from '../../../domain/webhook/message.js';
import type { CheckpointRef, RejectedCheckpoint } from '../../../domain/checkpoints.js';
import type { JournalEntry } from '../../../domain/journal.js';
import type { RunReport } from '../../../domain/report.js';
import { type Job, type Script, advance, checkpointOf, isOver, newJob } from './script.js';

export type { Job, Script };

/** Looks at a job, counted over the whole life of the run; thrown errors stand for a control plane that cannot be read. */
export type Look = (look: number, job: Job) => Promise<void> | void;

/** A moment in the life of an activity. */
export type Moment = (call: number, activity: string) => Promise<void> | void;

/** A workspace and its storage in memory, for one run: what the activities would have found and left there. */
export class FakeAzure {
  readonly jobs = new Map<string, Job>();
  readonly checkpoints: CheckpointRef[] = [];
  readonly damaged: RejectedCheckpoint[] = [];
  readonly journal: JournalEntry[] = [];
  /** Chains that hold the run's name, as run.json has them. */
  readonly chains: string[] = [];
  /** Jobs that end only with the cluster that the run made. */
  readonly squatters = new Set<string>();
  /** Every call, as `activity` or `activity subject`, in order. */
  readonly calls: string[] = [];
  /** Files of the old recipe that are found where the run converts them. */
  filesToConvert = 3;
  report: RunReport | null = null;
  /** What came to the run's webhook, and what it does with it. */
  readonly received: WebhookMessage[] = [];
  onReceive: (message: WebhookMessage) => Promise<void> | void = () => undefined;
  looks = 0;
  /** Seconds between two looks; null: as the run's config has it. */
  betweenLooksSeconds: number | null = null;
  /** What the watch was last asked. */
  asked: WatchRequest | null = null;
  /** Called at the begin of every look. */
  onLook: Look = () => undefined;
  /** Called before any other activity. */
  onCall: (activity: string) => Promise<void> | void = () => undefined;
  /** Called when any activity begins, and when its answer is on the way; `call` counts from 1 over the life of the run. */
  onBegin: Moment = () => undefined;
  onAnswer: Moment = () => undefined;
  /** Job names whose first PUT is carried out and its answer lost. */
  readonly lostAnswers = new Set<string>();
  /** Why Azure gives no answer about jobs; null where it answers. */
  silence: string | null = null;
  /** True where the run makes the cluster itself. */
  clusterOurs = false;
  /** What a job does whatever its turn is; null: the next script. */
  scriptFor: (request: SubmitRequest) => Script | null = () => null;
  /** Clusters that were proven to hold no node. */
  readonly emptied: string[] = [];
  /** Looks at the cluster that still find nodes. */
  nodesStay = 0;
  /** Jobs that no cancel ends, on a cluster that may not be deleted. */
  readonly stuck = new Set<string>();
  /** The most jobs that were alive at once. */
  mostAlive = 0;
  private next = 0;

  /** @param scripts what the jobs do, in the order of their submission; the last one repeats */
  constructor(private readonly scripts: readonly Script[]) {}

  /** Takes the next script: one per job that is really made. */
  put(name: string, request: SubmitRequest): Job {
    const next = () => this.scripts[Math.min(this.next++, this.scripts.length - 1)];
    const script = this.scriptFor(request) ?? next() ?? { ending: 'runs-on' };
    const job = newJob(name, request, script);
    this.jobs.set(name, job);
    this.mostAlive = Math.max(this.mostAlive, this.alive().length);
    return job;
  }

  /** Time passes for a job. @param stops whether its trainer is told to save and leave */
  advance(job: Job, stops = false): void {
    for (const step of advance(job, stops)) this.save(job, step);
  }

  save(job: Job, step: number): void {
    this.checkpoints.push(checkpointOf(job, step));
  }

  /** The jobs that live come to the end of their scripts with their next look. */
  hurry(): void {
    for (const job of this.alive()) job.looks = (job.script.looks ?? 1) + (job.script.before?.length ?? 0);
  }

  async receive({ messages }: Delivery): Promise<void> {
    for (const message of messages) {
      await this.onReceive(message);
      this.received.push(message);
    }
  }

  alive(): Job[] {
    return [...this.jobs.values()].filter((job) => !isOver(job));
  }

  callsOf(activity: string): string[] {
    return this.calls.filter((call) => call.split(' ')[0] === activity);
  }
}
