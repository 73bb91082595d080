import type { SubmitRequest } from '../../../activities/jobs.js';
import type { Evidence } from '../../../activities/evidence.js';
import type { CheckpointRef, RejectedCheckpoint } from '../../../domain/checkpoints.js';
import type { JobEvidence } from '../../../domain/endings/evidence.js';
import type { JournalEntry } from '../../../domain/journal.js';
import { attemptName } from '../../../domain/names.js';
import type { RunReport } from '../../../domain/report.js';

/** What a job of the fake does: it runs for some looks of the watch, saves its checkpoints at the last of them, and ends. */
export interface Script {
  /** Looks that find it running; 1 where not said. */
  readonly looks?: number;
  /** Steps of the checkpoints it leaves. */
  readonly saves?: readonly number[];
  /** `runs-on` only ends when it is canceled. */
  readonly ending: 'completed' | 'preempted' | 'user-error' | 'bad-checkpoint' | 'canceled-elsewhere' | 'runs-on';
}

export interface Job {
  readonly name: string;
  readonly chain: string;
  readonly request: SubmitRequest;
  readonly script: Script;
  status: 'Running' | 'CancelRequested' | 'Completed' | 'Failed' | 'Canceled';
  looks: number;
}

/** Looks at a job, counted over the whole life of the run; thrown errors stand for a control plane that cannot be read. */
export type Look = (look: number, job: Job) => Promise<void> | void;

/** A workspace and its storage in memory, for one run: what the activities would have found and left there. */
export class FakeAzure {
  readonly jobs = new Map<string, Job>();
  readonly checkpoints: CheckpointRef[] = [];
  readonly damaged: RejectedCheckpoint[] = [];
  readonly journal: JournalEntry[] = [];
  /** Chains that hold the run's name, as run.json has them. */
  readonly chains: string[] = [];
  /** Every call, as `activity` or `activity subject`, in order. */
  readonly calls: string[] = [];
  report: RunReport | null = null;
  looks = 0;
  /** Called at the begin of every look. */
  onLook: Look = () => undefined;
  /** Called before any other activity. */
  onCall: (activity: string) => Promise<void> | void = () => undefined;
  /** Job names whose first PUT is carried out and its answer lost. */
  readonly lostAnswers = new Set<string>();
  /** True where the run makes the cluster itself. */
  clusterOurs = false;
  /** Looks at the cluster that still find nodes. */
  nodesStay = 0;
  private next = 0;

  /** @param scripts what the jobs do, in the order of their submission; the last one repeats */
  constructor(private readonly scripts: readonly Script[]) {}

  /** Takes the next script: one per job that is really made. */
  put(name: string, request: SubmitRequest): Job {
    const script = this.scripts[Math.min(this.next++, this.scripts.length - 1)] ?? { ending: 'runs-on' };
    const job: Job = { name, chain: request.chain, request, script, status: 'Running', looks: 0 };
    this.jobs.set(name, job);
    return job;
  }

  /** One look at a job: it runs on, or its time has come. */
  advance(job: Job): void {
    job.looks++;
    const over = job.script.ending !== 'runs-on' && job.looks > (job.script.looks ?? 1);
    if (job.status !== 'Running' || !over) return;
    for (const step of job.script.saves ?? []) this.checkpoints.push(checkpointOf(job, step));
    const byEnding = { completed: 'Completed', 'canceled-elsewhere': 'Canceled' } as const;
    job.status = byEnding[job.script.ending as keyof typeof byEnding] ?? 'Failed';
  }

  /** What Azure and the trainer say about how a job ended. */
  evidenceOf(job: Job, request: Pick<JobEvidence, 'status' | 'endedByUs'>): Evidence['evidence'] {
    const preempted = job.script.ending === 'preempted' && job.status === 'Failed';
    const words = {
      'user-error': { reason: 'user-error', message: 'the config names an unknown field "lerning_rate"', exitCode: 3 },
      'bad-checkpoint': { reason: 'bad-checkpoint', message: 'the optimizer state does not fit', exitCode: 4 },
    };
    return {
      jobName: job.name,
      ...request,
      errorCode: preempted ? 'PreemptionError' : null,
      errorMessage: preempted ? 'The job was preempted' : null,
      warnings: [],
      preemptedNodes: preempted ? ['node-1'] : [],
      trainerStarted: true,
      lastWords: job.status === 'Failed' ? (words[job.script.ending as keyof typeof words] ?? null) : null,
    };
  }

  alive(): Job[] {
    return [...this.jobs.values()].filter((job) => job.status === 'Running' || job.status === 'CancelRequested');
  }

  callsOf(activity: string): string[] {
    return this.calls.filter((call) => call.split(' ')[0] === activity);
  }
}

function checkpointOf(job: Job, step: number): CheckpointRef {
  const { place, phase, attempt } = job.request;
  const incarnation = `20261123T010000000Z-0000000${attempt % 10}`;
  const path = `runs/${place.run}/${phase}/attempts/${attemptName(attempt)}/${incarnation}/checkpoints/step-${String(step).padStart(9, '0')}`;
  return {
    phase,
    attempt: attemptName(attempt),
    incarnation,
    step,
    path,
    sampleHash: `hash-of-step-${step}`,
    at: '2026-11-23T01:00:00.000Z',
  };
}
