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

/** What a phase is doing, in plain words; null where it simply trains. @param now epoch milliseconds */
export function doingOf(jobName: string | null, progress: TrainingProgress | null, now: number): string | null {
  if (jobName === null) return 'between two jobs';
  if (progress === null) return 'job submitted';
  if (progress.jobStatus !== 'Running') return jobWords[progress.jobStatus] ?? `job is ${progress.jobStatus}`;
  if (progress.state === null) return 'starting the trainer';
  const silence = progress.at === null ? 0 : (now - progress.at) / 1000;
  if (silence > SILENT_AFTER_SECONDS) return `nothing heard for ${Math.round(silence)} s`;
  return progress.state === 'training' ? null : (trainerWords[progress.state] ?? progress.state);
}
