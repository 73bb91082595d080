import type { TrainingProgress } from '../../domain/status.js';

/** A trainer that has said nothing for so long is shown as silent. */
const SILENT_AFTER_SECONDS = 30;

/** Azure ML's job states before and after the training itself, in plain words. */
const jobWords: Readonly<Record<string, string>> = {
  NotStarted: 'job accepted',
  Queued: 'waiting for nodes',
  Provisioning: 'waiting for nodes',
  Preparing: 'preparing the nodes',
  Starting: 'starting the job',
  Finalizing: 'job is finishing',
  CancelRequested: 'job is being canceled',
  NotResponding: 'a node does not respond',
  Paused: 'job is paused',
  Completed: 'job completed, checking its last checkpoint',
  Failed: 'job ended, looking for the reason',
  Canceled: 'job was canceled',
};

/** The trainer's states (docs/payload-contract.md) in plain words. */
const trainerWords: Readonly<Record<string, string>> = {
  starting: 'starting the trainer',
  restoring: 'loading the checkpoint',
  checkpointing: 'saving a checkpoint',
  evaluating: 'testing on held-out pages',
  done: 'finishing',
};

/**
 * What a phase is doing, in plain words; null where it simply trains.
 * @param seen what was last seen of the phase, by an earlier look perhaps
 * @param watched whether somebody watches the job now
 * @param now epoch milliseconds
 */
export function doingOf(
  jobName: string | null,
  seen: TrainingProgress | null,
  watched: boolean,
  now: number,
): string | null {
  if (jobName === null) return 'no job is open';
  if (seen === null || seen.jobName !== jobName) return 'job submitted';
  if (!watched) return 'finding out how the job ended';
  if (seen.jobStatus !== 'Running') return jobWords[seen.jobStatus] ?? `job is ${seen.jobStatus}`;
  if (seen.state === null) return 'starting the trainer';
  const silence = seen.at === null ? 0 : (now - seen.at) / 1000;
  if (silence > SILENT_AFTER_SECONDS) return `nothing heard for ${Math.round(silence)} s`;
  return seen.state === 'training' ? null : (trainerWords[seen.state] ?? seen.state);
}
