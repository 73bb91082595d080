import type { Evidence } from '../../../activities/evidence.js';
import type { JobEvidence, LastWords } from '../../../domain/endings/evidence.js';
import { type Ending, type Job, isOver } from './script.js';

const words: Partial<Record<Ending, LastWords>> = {
  'user-error': { reason: 'user-error', message: 'the config names an unknown field "lerning_rate"', exitCode: 3 },
  'bad-checkpoint': { reason: 'bad-checkpoint', message: 'the optimizer state does not fit', exitCode: 4 },
  'lost-peer': { reason: 'lost-peer', message: 'rank 1 is gone', exitCode: 1 },
};

const errors: Partial<Record<Ending, { readonly errorCode: string; readonly errorMessage: string }>> = {
  preempted: { errorCode: 'PreemptionError', errorMessage: 'The job was preempted' },
  'preempted-canceled': { errorCode: 'PreemptionError', errorMessage: 'The job was preempted, no capacity came back' },
  'no-capacity': { errorCode: 'AllocationFailed', errorMessage: 'No sufficient capacity for the requested VM size' },
  'over-quota': { errorCode: 'ClusterCoreQuotaReached', errorMessage: 'Operation results in exceeding quota limits' },
};

/** What Azure and the trainer say about how a job ended. */
export function evidenceOf(job: Job, asked: Pick<JobEvidence, 'status' | 'endedByUs'>): Evidence['evidence'] {
  const { ending } = job.script;
  const wasCanceledByUs = job.status === 'Canceled' && asked.endedByUs !== null;
  const byItself = isOver(job) && job.status !== 'Completed' && !job.leftOnRequest && !wasCanceledByUs;
  const error = byItself ? errors[ending] : undefined;
  const left: LastWords = { reason: 'interrupted', message: 'told to save and leave', exitCode: 6 };
  return {
    jobName: job.name,
    ...asked,
    errorCode: error?.errorCode ?? null,
    errorMessage: error?.errorMessage ?? null,
    warnings: [],
    preemptedNodes: byItself && ending === 'preempted' ? ['node-1'] : [],
    trainerStarted: ending !== 'over-quota' && ending !== 'no-capacity' && job.starts > 0,
    lastWords: job.leftOnRequest ? left : byItself ? (words[ending] ?? null) : null,
  };
}
