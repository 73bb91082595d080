import type { JobEnding } from '../../../domain/endings/names.js';
import type { LimitName } from '../../../domain/watch/limits.js';
import type { Cause, SimJob } from '../world/job.js';

type Struck = Pick<SimJob, 'causes' | 'exitedBy' | 'cancelReason'>;

interface Consequence {
  /** What the ending of a job may be called that this struck. */
  readonly names: readonly JobEnding[];
  /** Behind which limits it may rightly be ended for it. */
  readonly limits: readonly LimitName[];
}

const EVERY: readonly LimitName[] = [
  'queued',
  'preparing',
  'start',
  'silent',
  'stalled',
  'checkpoint',
  'finalizing',
  'notResponding',
  'stopping',
];

/** The truth about a fault, written down apart from the rules that are to find it out. */
const CONSEQUENCES: Readonly<Record<Cause, Consequence>> = {
  failed: { names: ['preempted'], limits: [] },
  canceled: { names: ['preempted-canceled'], limits: [] },
  requeued: {
    names: ['superseded', 'node-lost', 'preempted', 'preempted-canceled', 'no-new-checkpoint', 'queued-too-long'],
    limits: ['behind', 'checkpoint', 'queued'],
  },
  hang: { names: ['hung', 'node-lost', 'dwelled-too-long', 'preempted', 'preempted-canceled'], limits: EVERY },
  survivors: { names: ['node-lost', 'lost-peer', 'preempted'], limits: [] },
  warned: { names: ['interrupted', 'preempted', 'node-lost'], limits: [] },
  'user-error': { names: ['user-error'], limits: [] },
  'out-of-memory': { names: ['out-of-memory'], limits: [] },
  'stuck-rank': { names: ['stuck-rank'], limits: [] },
  'lost-peer': { names: ['lost-peer', 'preempted'], limits: [] },
  killed: { names: ['unknown', 'preempted'], limits: [] },
  stall: { names: ['hung', 'no-new-checkpoint'], limits: ['stalled', 'checkpoint'] },
  'no-saves': { names: ['no-new-checkpoint', 'hung'], limits: ['checkpoint', 'stalled'] },
  refused: { names: ['bad-checkpoint'], limits: [] },
  damaged: { names: ['unfinished'], limits: [] },
  'loss-spike': { names: ['loss-spike'], limits: [] },
  nan: { names: ['nan'], limits: [] },
  'no-capacity': { names: ['no-capacity', 'queued-too-long'], limits: ['queued'] },
  'over-quota': { names: ['quota-exceeded'], limits: [] },
  'stuck-Queued': { names: ['queued-too-long'], limits: ['queued'] },
  'stuck-Preparing': { names: ['dwelled-too-long'], limits: ['preparing'] },
  'stuck-Finalizing': { names: ['dwelled-too-long'], limits: ['finalizing'] },
  'stuck-CancelRequested': { names: [], limits: ['stopping'] },
};

/** Endings that a job can have whatever struck it. */
const ALWAYS: readonly JobEnding[] = ['completed', 'canceled-by-us', 'stopped-on-request'];
/** Faults that end a job at once and say why: what came before them is no excuse for another name. */
const DECISIVE: ReadonlySet<Cause> = new Set([
  'failed',
  'canceled',
  'user-error',
  'out-of-memory',
  'refused',
  'loss-spike',
  'nan',
]);

/** Whether an ending's name fits what really struck the job. */
export function explains(job: Struck, ending: JobEnding): boolean {
  if (ALWAYS.includes(ending)) return true;
  if (ending === 'dwelled-too-long' && hungInAzuresCancel(job)) return true;
  const last = job.causes.at(-1);
  const counting = last !== undefined && DECISIVE.has(last) && job.exitedBy === last ? [last] : job.causes;
  return counting.some((cause) => CONSEQUENCES[cause].names.includes(ending));
}

/** Where Azure canceled by itself, at the job's timeout, nobody but Azure can be what is waited for. */
const hungInAzuresCancel = ({ causes, cancelReason }: Struck): boolean =>
  causes.includes('stuck-CancelRequested') && cancelReason?.includes('exceeded its timeout') === true;

/** Whether a job had anything that this limit is there for. */
export function excuses(job: Pick<SimJob, 'causes'>, limit: LimitName): boolean {
  return job.causes.some((cause) => CONSEQUENCES[cause].limits.includes(limit));
}
