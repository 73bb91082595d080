import type { CheckpointRef } from '../../../domain/checkpoints.js';
import { attemptName } from '../../../domain/names.js';
import type { JobSight, TrainerSight } from '../../../domain/watch/sighting.js';
import type { SubmitRequest } from '../../../activities/jobs.js';

/** What a job of the fake does: it runs for some looks of the watch, saves its checkpoints at the last of them, and ends. */
export interface Script {
  /** Azure's words at its first looks, before it runs. */
  readonly before?: readonly string[];
  /** Looks that find it running; 1 where not said, 0 for a job that never runs. */
  readonly looks?: number;
  /** Steps of the checkpoints it leaves. */
  readonly saves?: readonly number[];
  readonly ending: Ending;
  /** False where its trainer hears nothing: it neither saves nor leaves when it is told to. */
  readonly obeys?: boolean;
}

/** `runs-on` only ends when it is asked to. */
export type Ending =
  | 'completed'
  | 'preempted'
  | 'preempted-canceled'
  | 'user-error'
  | 'bad-checkpoint'
  | 'lost-peer'
  | 'unknown'
  | 'over-quota'
  | 'no-capacity'
  | 'canceled-elsewhere'
  | 'runs-on';

export interface Job {
  readonly name: string;
  readonly chain: string;
  readonly request: SubmitRequest;
  readonly script: Script;
  /** Azure's word. */
  status: string;
  looks: number;
  /** Times that its trainer began; Azure may restart a job in place. */
  starts: number;
  runs: boolean;
  /** Set while Azure answers 404 for it. */
  hidden: boolean;
  /** Its trainer stands still and says nothing any more. */
  frozen: boolean;
  /** Its trainer was warned that its node goes. */
  warned: boolean;
  /** Its trainer saved and left because it was told to. */
  leftOnRequest: boolean;
}

export const newJob = (name: string, request: SubmitRequest, script: Script): Job => ({
  ...{ name, chain: request.chain, request, script, looks: 0, starts: 0, runs: false },
  status: script.before?.[0] ?? 'Running',
  ...{ hidden: false, frozen: false, warned: false, leftOnRequest: false },
});

export const isOver = ({ status }: Job): boolean => ['Completed', 'Failed', 'Canceled'].includes(status);

/**
 * One look at a job: it runs on, or its time has come.
 * @param stops whether its trainer is told to save and leave
 * @returns steps of the checkpoints it saves at this look
 */
export function advance(job: Job, stops: boolean): readonly number[] {
  const { before = [], looks = 1, saves = [], ending, obeys = true } = job.script;
  if (isOver(job) || job.status === 'CancelRequested') return [];
  job.looks++;
  const scripted = before[job.looks - 1];
  if (scripted !== undefined) job.status = scripted;
  else if (before.includes(job.status) && looks > 0) job.status = 'Running';
  countStart(job);
  if (scripted !== undefined) return [];
  if (stops && obeys && !job.frozen) {
    job.leftOnRequest = true;
    job.status = 'Failed';
    return [stepOf(job)];
  }
  const over = ending !== 'runs-on' && job.looks > before.length + looks;
  if (!over) return [];
  job.status = WORDS[ending] ?? 'Failed';
  return saves;
}

/** A trainer goes on between these words of Azure; behind any other it begins anew. */
const RUNS: readonly string[] = ['Running', 'NotResponding'];

function countStart(job: Job): void {
  const runs = RUNS.includes(job.status);
  if (runs && !job.runs) job.starts++;
  job.runs = runs;
}

/** Azure's word for an ending; any other is Failed. */
const WORDS: Partial<Record<Ending, string>> = {
  completed: 'Completed',
  'canceled-elsewhere': 'Canceled',
  'preempted-canceled': 'Canceled',
};

/** One step a look, from the checkpoint that it was submitted with. */
export function stepOf({ request, looks }: Job): number {
  return Number(request.resumeFrom?.slice(-9) ?? 0) + looks;
}

export function jobSight(job: Job): JobSight {
  return { answered: true, status: job.hidden ? 'NotFound' : job.status };
}

export function trainerSight(job: Job, saved: readonly CheckpointRef[]): TrainerSight {
  const attempt = attemptName(job.request.attempt);
  const own = saved.filter((one) => one.phase === job.request.phase && one.attempt === attempt);
  const newest = own.map(({ incarnation, step }) => `${incarnation}/${step}`).at(-1) ?? null;
  const begun =
    job.starts > 0 && !['NotStarted', 'Queued', 'Starting', 'Provisioning', 'Preparing'].includes(job.status);
  const said = job.frozen ? 1 : job.looks;
  const heartbeat = {
    ...{ incarnation: incarnationOf(job), sequence: said, state: 'training', step: job.frozen ? 1 : stepOf(job) },
    ...{ warned: job.warned, gone: false, stuck: false },
  };
  return { answered: true, heartbeat: begun ? heartbeat : null, validCheckpoint: newest };
}

const incarnationOf = ({ request, starts }: Job) =>
  `20261123T01${String(starts).padStart(2, '0')}00000Z-0000000${request.attempt % 10}`;

export function checkpointOf(job: Job, step: number): CheckpointRef {
  const { place, phase, attempt } = job.request;
  const incarnation = incarnationOf(job);
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
