import type { Face, Fault, Mishap } from '../schedule.js';
import type { SimJob } from './job.js';
import type { World } from './world.js';

const PREEMPTION = {
  code: 'UserError',
  message:
    'AzureMLCompute job failed. PreemptionError: Nodes of this job got pre-empted. Reason: Received pre-emption warning signal',
};

/** Lets a fault strike. What is not there to be struck is left as it is. */
export function strike(world: World, fault: Fault, onSupervisor: (fault: Fault) => void): void {
  const { now } = world;
  const job = world.target();
  switch (fault.kind) {
    case 'preempt':
      if (job?.holdsNodes === true) preempt(world, job, fault.face);
      return;
    case 'mishap':
      if (job?.status === 'Running' && job.start?.isTraining(now) === true) mishap(world, job, fault.mishap);
      return;
    case 'azure-down':
      if (now + fault.seconds * 1000 > world.azure.until)
        world.azure = { until: now + fault.seconds * 1000, how: fault.how };
      return;
    case 'storage-down':
      world.storage.downUntil = Math.max(world.storage.downUntil, now + fault.seconds * 1000);
      return;
    case 'job-unknown':
      world.unknownUntil = Math.max(world.unknownUntil, now + fault.seconds * 1000);
      return;
    case 'no-capacity':
      world.capacity = { until: Math.max(world.capacity.until, now + fault.seconds * 1000), refused: fault.refused };
      return;
    case 'over-quota':
      world.quotaUntil = Math.max(world.quotaUntil, now + fault.seconds * 1000);
      return;
    case 'slow-start':
      world.slowSeconds = fault.seconds;
      return;
    case 'stuck':
      if (job === undefined) return;
      job.stuckIn = fault.in;
      job.causes.push(`stuck-${fault.in}`);
      return;
    case 'damage':
      world.storage.damage(fault.what, fault.rung);
      return;
    case 'nodes-unlisted':
      world.nodes.unlistedUntil = Math.max(world.nodes.unlistedUntil, now + fault.seconds * 1000);
      return;
    case 'ghost':
      return ghost(world);
    case 'worker-down':
    case 'worker-dies':
    case 'temporal-lost':
    case 'operator':
      onSupervisor(fault);
  }
}

function preempt(world: World, job: SimJob, face: Face): void {
  const { now } = world;
  const { start } = job;
  if (job.status === 'CancelRequested' || job.status === 'Finalizing') return;
  if (face !== 'not-responding') job.causes.push(face);
  const gone = () => world.nodes.lose(job, now);
  const saysPreempted = () => {
    job.exitedBy = face === 'failed' ? face : null;
    gone();
    world.end(job, 'Failed', PREEMPTION);
  };
  switch (face) {
    case 'failed':
      return saysPreempted();
    case 'canceled':
      gone();
      job.cancelReason =
        'The job was canceled because its low priority nodes were preempted and no capacity came back.';
      job.exitedBy = face;
      return world.end(job, 'Canceled');
    case 'requeued':
      gone();
      return world.requeue(job);
    case 'hang':
      gone();
      if (start === null) job.stuckIn = job.status;
      else start.freeze(now);
      return;
    case 'survivors': {
      if (start?.isTraining(now) !== true) return saysPreempted();
      gone();
      const words = { reason: 'lost-peer', message: 'the connection to rank 1 is closed', exitCode: 1 };
      return start.exitSoon(now, 5, { code: 1, words, cause: null });
    }
    case 'warned':
      if (start?.isTraining(now) !== true) return saysPreempted();
      return start.warn(now);
    case 'not-responding':
      if (job.status !== 'Running') return;
      job.status = 'NotResponding';
      job.moveAt = now + 300_000;
  }
}

function mishap(world: World, job: SimJob, what: Mishap): void {
  const { now } = world;
  const { start } = job;
  if (start === null) return;
  job.causes.push(what);
  const leave = (seconds: number, reason: string, exitCode: number) =>
    start.exitSoon(now, seconds, {
      code: exitCode,
      words: { reason, message: `it was ${reason}`, exitCode },
      cause: what,
    });
  switch (what) {
    case 'user-error':
      return leave(1, what, 3);
    case 'out-of-memory':
      return leave(1, what, 10);
    case 'lost-peer':
      return leave(5, what, 1);
    case 'stuck-rank':
      start.stall(now);
      start.stuckAt = now + 57_000;
      return leave(60, what, 8);
    case 'killed':
      return start.exitSoon(now, 1, { code: 137, words: null, cause: what });
    case 'stall':
      return start.stall(now);
    case 'no-saves':
      return start.saveNothing();
  }
}

/** Somewhere a process of the last ended job was never killed, and saves what it has done since. */
function ghost(world: World): void {
  const { storage, now } = world;
  const over = world.jobs.filter(({ isOver }) => isOver).at(-1);
  const last = storage.checkpoints
    .filter(({ attempt, wholeAt }) => attempt === over?.request.attempt && wholeAt < Infinity)
    .at(-1);
  if (over === undefined || last === undefined) return;
  const step =
    Math.max(
      ...storage.checkpoints.filter(({ incarnation }) => incarnation === last.incarnation).map((one) => one.step),
    ) + 17;
  if (step > world.schedule.steps) return;
  const parent = { attempt: last.attempt, incarnation: last.incarnation, step: last.step };
  const written = storage.begin({
    attempt: last.attempt,
    incarnation: last.incarnation,
    step,
    position: last.position + 17 * 128,
    parent,
    tainted: last.tainted,
  });
  storage.complete(written, now);
}
