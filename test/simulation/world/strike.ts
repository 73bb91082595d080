import type { Fault } from '../schedule.js';
import { ghost, mishap } from './mishaps.js';
import { preempt } from './preempt.js';
import type { World } from './world.js';

/** Lets a fault strike; counts it where it found what it strikes. What is not there is left as it is. */
export function strike(world: World, fault: Fault, onSupervisor: (fault: Fault) => void): void {
  if (!finds(world, fault, onSupervisor)) return;
  const { struck } = world;
  const name = nameOf(fault);
  struck.set(name, (struck.get(name) ?? 0) + 1);
}

/** `preempt failed`, `mishap killed`, `stuck Queued`, or the kind alone. */
export function nameOf(fault: Fault): string {
  switch (fault.kind) {
    case 'preempt':
      return `${fault.kind} ${fault.face}`;
    case 'mishap':
      return `${fault.kind} ${fault.mishap}`;
    case 'stuck':
      return `${fault.kind} ${fault.in}`;
    case 'damage':
      return `${fault.kind} ${fault.what}`;
    case 'operator':
      return `${fault.kind} ${fault.act}`;
    default:
      return fault.kind;
  }
}

function finds(world: World, fault: Fault, onSupervisor: (fault: Fault) => void): boolean {
  const job = world.target();
  switch (fault.kind) {
    case 'preempt':
      return job?.holdsNodes === true && preempt(world, job, fault.face);
    case 'mishap':
      return mishap(world, job, fault.mishap);
    case 'stuck':
      if (job === undefined) return false;
      job.stuckIn = fault.in;
      job.causes.push(`stuck-${fault.in}`);
      return true;
    case 'damage':
      return world.storage.damage(fault.what, fault.rung, world.now);
    case 'ghost':
      return ghost(world);
    case 'worker-down':
    case 'worker-dies':
    case 'temporal-lost':
    case 'operator':
      onSupervisor(fault);
      return true;
    default:
      lasts(world, fault);
      return true;
  }
}

type Lasting = Extract<Exclude<Fault, { kind: 'worker-down' | 'worker-dies' }>, { seconds: number }>;

/** Troubles of the world around the job: each is there until it is over. */
function lasts(world: World, fault: Lasting): void {
  const until = world.now + fault.seconds * 1000;
  const later = (one: number) => Math.max(one, until);
  switch (fault.kind) {
    case 'azure-down':
      if (until > world.azure.until) world.azure = { until, how: fault.how };
      return;
    case 'storage-down':
      world.storage.downUntil = later(world.storage.downUntil);
      return;
    case 'job-unknown':
      world.unknownUntil = later(world.unknownUntil);
      return;
    case 'nodes-unlisted':
      world.nodes.unlistedUntil = later(world.nodes.unlistedUntil);
      return;
    case 'no-capacity':
      world.capacity = { until: later(world.capacity.until), refused: fault.refused };
      return;
    case 'over-quota':
      world.quotaUntil = later(world.quotaUntil);
      return;
    case 'slow-start':
      world.slowSeconds = fault.seconds;
      return;
  }
}
