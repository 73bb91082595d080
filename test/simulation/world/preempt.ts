import type { Face } from '../schedule.js';
import type { SimJob } from './job.js';
import type { Start } from './start.js';
import type { World } from './world.js';

const PREEMPTION = {
  code: 'UserError',
  message:
    'AzureMLCompute job failed. PreemptionError: Nodes of this job got pre-empted. Reason: Received pre-emption warning signal',
};
const NO_CAPACITY = 'The job was canceled because its low priority nodes were preempted and no capacity came back.';
const NOT_RESPONDING_MS = 300_000;

/** Takes nodes away from a job that holds some. @returns whether that can be done to it in its state */
export function preempt(world: World, job: SimJob, face: Face): boolean {
  const isLeaving = job.status === 'CancelRequested' || job.status === 'Finalizing';
  const cannot = face === 'not-responding' && job.status !== 'Running';
  if (isLeaving || cannot || job.isDedicated) return false;
  if (face === 'not-responding') {
    job.status = 'NotResponding';
    job.moveAt = world.now + NOT_RESPONDING_MS;
    return true;
  }
  job.causes.push(face);
  show(world, job, face);
  return true;
}

function show(world: World, job: SimJob, face: Exclude<Face, 'not-responding'>): void {
  const { now, nodes } = world;
  const training = job.start?.isTraining(now) === true ? job.start : null;
  // Without a process that could say anything, Azure's word is all there is.
  if ((face === 'survivors' || face === 'warned') && training === null) return azureSays(world, job, null);
  switch (face) {
    case 'failed':
      return azureSays(world, job, face);
    case 'canceled':
      nodes.lose(job, now);
      job.cancelReason = NO_CAPACITY;
      job.exitedBy = face;
      return world.end(job, 'Canceled');
    case 'requeued':
      nodes.lose(job, now);
      return world.requeue(job);
    case 'hang':
      nodes.lose(job, now);
      if (job.start === null) job.stuckIn = job.status;
      else job.start.freeze(now);
      return;
    case 'survivors':
      nodes.lose(job, now);
      return training === null ? undefined : survive(training, now);
    case 'warned':
      return training?.warn(now);
  }
}

function azureSays(world: World, job: SimJob, exitedBy: 'failed' | null): void {
  job.exitedBy = exitedBy;
  world.nodes.lose(job, world.now);
  world.end(job, 'Failed', PREEMPTION);
}

function survive(start: Start, now: number): void {
  const words = { reason: 'lost-peer', message: 'the connection to rank 1 is closed', exitCode: 1 };
  start.exitSoon(now, 5, { code: 1, words, cause: null });
}
