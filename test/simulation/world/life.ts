import type { Cause, SimJob } from './job.js';
import type { Exit } from './origin.js';
import { Start } from './start.js';
import { type StoredCheckpoint, isSound } from './storage.js';
import type { World } from './world.js';

/** A job comes to its next state by itself: nodes for it, a start of the trainer on them, its end. */
export function move(world: World, job: SimJob): void {
  job.moveAt = Infinity;
  if (job.stuckIn === job.status) return;
  if (job.status === 'Queued') return allocate(world, job);
  if (job.status === 'Preparing') return startTrainer(world, job);
  if (job.status === 'NotResponding') job.status = 'Running';
  else if (job.status === 'Finalizing') world.end(job, job.exit?.code === 0 ? 'Completed' : 'Failed', errorOf(job));
  else if (job.status === 'CancelRequested') world.end(job, 'Canceled');
}

function allocate(world: World, job: SimJob): void {
  const { now, capacity } = world;
  if (!job.isDedicated && world.quotaUntil > now && job.starts === 0) {
    job.causes.push('over-quota');
    return world.end(job, 'Failed', { code: 'UserError', message: 'JobNodeCountExceedsCoreQuota' });
  }
  if (!job.isDedicated && capacity.until > now) {
    job.causes.push('no-capacity');
    if (capacity.refused && job.starts === 0)
      return world.end(job, 'Failed', { code: 'AllocationFailed', message: 'no capacity for it' });
    job.moveAt = capacity.until;
    return;
  }
  world.deletedClusters.delete(job.request.cluster);
  job.status = 'Preparing';
  job.hold(now);
  job.nodes = world.nodes.allocate();
  job.moveAt = now + 60_000 + world.slowSeconds * 1000;
  job.extraStartSeconds = world.slowSeconds;
  world.slowSeconds = 0;
  const names = world.holders().map(({ request }) => request.name);
  if (names.length > 1) world.broken.push(`two jobs hold nodes: ${names.join(', ')}`);
}

function startTrainer(world: World, job: SimJob): void {
  const { schedule, storage, now } = world;
  const { attempt, resume, skipWindows, name } = job.request;
  job.status = 'Running';
  job.starts++;
  const given = resume === null ? null : (storage.at(resume.path) ?? null);
  if (resume !== null && given === null) world.broken.push(`${name} was given ${resume.path}, which does not exist`);
  const own = newestOf(storage.checkpoints.filter((one) => one.attempt === attempt && one.wholeAt < Infinity));
  const sound = newestOf(storage.checkpoints.filter((one) => one.attempt === attempt && isSound(one)));
  job.start = new Start(
    {
      ...{ schedule, storage, attempt, skipWindows, nodes: job.nodes },
      incarnation: `2026T${String(Math.floor(now)).padStart(12, '0')}-${job.starts}`,
      resume: schedule.resumesInPlace ? (sound ?? given) : given,
      newestBefore: own?.step ?? 0,
      extraBootSeconds: job.extraStartSeconds,
      onExit: (exit: Exit) => exited(world, job, exit),
      onCause: (cause: Cause) => void job.causes.push(cause),
      onNotice: () => world.notice(),
    },
    now,
  );
}

const newestOf = (checkpoints: readonly StoredCheckpoint[]) =>
  checkpoints.reduce<StoredCheckpoint | null>(
    (best, one) => (best === null || one.step > best.step ? one : best),
    null,
  );

function exited({ now }: World, job: SimJob, exit: Exit): void {
  job.exit = exit;
  job.exitedBy = exit.cause;
  if (job.status === 'CancelRequested') {
    if (job.stuckIn !== 'CancelRequested') job.moveAt = now + 1_000;
    return;
  }
  job.status = 'Finalizing';
  job.moveAt = now + (exit.code === 0 ? 15_000 : 3_000);
}

function errorOf({ exit }: SimJob): SimJob['error'] {
  if (exit === null || exit.code === 0) return null;
  return { code: 'UserError', message: `Execution failed. User process 'bash' exited with status code ${exit.code}.` };
}
