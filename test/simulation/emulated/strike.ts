import { type Job, isTerminal } from '../../../emulator/entities/job.js';
import type { Face, Fault } from '../schedule.js';
import type { Cause } from '../world/job.js';
import { damage, ghost } from './damage.js';
import { PHASE } from './config.js';
import type { Inventory } from './inventory.js';
import type { Keeper } from './keeper.js';
import type { Operator } from './operator.js';
import type { Place } from './place.js';
import { milliseconds } from './time.js';

/** A run that is being played, for who lets faults strike it. */
export interface Scene {
  readonly place: Place;
  readonly run: string;
  readonly cluster: string;
  readonly steps: number;
  readonly inventory: Inventory;
  readonly keeper: Keeper;
  readonly operator: Operator;
  /** What struck which job. */
  blame(job: string, cause: Cause): void;
}

type Of<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>;
const HELD = ['Preparing', 'Running', 'Finalizing', 'NotResponding'];

/** Lets a fault strike by the emulator's own means. @returns whether it found what it strikes */
export async function strike(scene: Scene, fault: Fault): Promise<boolean> {
  const { place, keeper, operator, run } = scene;
  switch (fault.kind) {
    case 'preempt':
      return preempt(scene, fault.face);
    case 'mishap':
      return mishap(scene, fault);
    case 'azure-down':
      return azureDown(scene, fault);
    case 'storage-down':
      place.storage.shut(true);
      setTimeout(() => place.storage.shut(false), milliseconds(fault.seconds));
      return true;
    case 'job-unknown':
      return jobUnknown(scene, fault.seconds);
    case 'no-capacity':
      await place.emulator.add({
        capacity: [{ kind: 'nodes', cluster: scene.cluster, nodes: 0, until: fault.seconds }],
      });
      return true;
    case 'slow-start':
      place.orders.slowStart(run, milliseconds(fault.seconds) / 1000);
      return true;
    case 'stuck':
      return stuck(scene, fault);
    case 'damage':
      return spoil(scene, fault);
    case 'ghost':
      return haunt(scene);
    case 'worker-down':
      await keeper.kill(fault.seconds);
      return true;
    case 'worker-dies':
      return workerDies(scene, fault);
    case 'temporal-lost':
      await operator.loseTemporal();
      return true;
    case 'operator':
      await operator.act(fault.act, `at-${fault.at}`);
      return true;
    case 'over-quota':
    case 'nodes-unlisted':
      throw new Error(`${fault.kind} cannot be played here; fit() takes it out`);
  }
}

async function jobsOf({ place, run }: Scene): Promise<Job[]> {
  const { jobs } = await place.emulator.state();
  return jobs.filter(({ name }) => name.startsWith(`${run}-${PHASE}-`)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The job that faults strike: the youngest that lives. */
async function target(scene: Scene): Promise<Job | undefined> {
  return (await jobsOf(scene)).findLast(({ status }) => !isTerminal(status));
}

/** Node 0 runs rank 0, which speaks for the job; node 1 is the one that its peer loses. */
const EVICTIONS: Readonly<Record<Face, object>> = {
  failed: { face: 'failed' },
  canceled: { face: 'canceled' },
  requeued: { face: 'requeued' },
  hang: { face: 'hang', node: 'all' },
  survivors: { face: 'crashed', node: 1 },
  warned: { face: 'failed', node: 1, warning: 120 },
  'not-responding': { face: 'notResponding', backAfter: 300 },
};

async function preempt(scene: Scene, face: Face): Promise<boolean> {
  const job = await target(scene);
  if (job === undefined || !HELD.includes(job.status) || job.status === 'Finalizing') return false;
  const struck = await scene.place.emulator.evict({ job: job.name, ...EVICTIONS[face] });
  if (struck && face !== 'not-responding') scene.blame(job.name, face);
  return struck;
}

async function mishap(scene: Scene, fault: Of<'mishap'>): Promise<boolean> {
  const job = await target(scene);
  if (job?.status !== 'Running') return false;
  scene.place.orders.trainer(job.name, fault.mishap);
  scene.blame(job.name, fault.mishap);
  return true;
}

async function azureDown({ place }: Scene, { how, seconds }: Of<'azure-down'>): Promise<boolean> {
  const kinds = {
    error: { kind: 'outage' },
    unauthorized: { kind: 'expiredToken', plane: 'arm' },
    throttled: { kind: 'throttled', retryAfter: 1 },
  } as const;
  await place.emulator.add({ requests: [{ ...kinds[how], until: seconds }] });
  return true;
}

/** Answers from before the job was made. */
async function jobUnknown(scene: Scene, seconds: number): Promise<boolean> {
  const job = await target(scene);
  if (job === undefined) return false;
  const before = { kind: 'stale', seconds: 1e6, path: `**/jobs/${job.name}`, plane: 'arm', until: seconds };
  await scene.place.emulator.add({ requests: [before] });
  return true;
}

async function stuck(scene: Scene, fault: Of<'stuck'>): Promise<boolean> {
  const job = await target(scene);
  if (job === undefined) return false;
  const { emulator } = scene.place;
  if (fault.in === 'Queued' && HELD.includes(job.status)) return false;
  scene.blame(job.name, `stuck-${fault.in}`);
  if (fault.in === 'Queued') {
    await emulator.add({ capacity: [{ kind: 'nodes', cluster: scene.cluster, nodes: 0, until: 4_000 }] });
    return true;
  }
  if (job.status === fault.in) return emulator.evict({ job: job.name, face: 'hang', node: 'all' });
  await emulator.add({
    rules: [{ when: { job: job.name, status: fault.in }, do: { evict: { face: 'hang', node: 'all' } } }],
  });
  return true;
}

async function spoil(scene: Scene, { what, rung }: Of<'damage'>): Promise<boolean> {
  const { place, inventory } = scene;
  await inventory.look();
  const hit = inventory.there()[rung];
  if (hit === undefined) return false;
  const { damagedAt, rotten } = hit;
  // Before it is done: what is seen meanwhile is our doing.
  hit.damagedAt ??= Date.now();
  hit.rotten = what === 'rotten' && (damagedAt === null || rotten);
  if (!(await damage(place.store, place.disk, hit, what))) {
    Object.assign(hit, { damagedAt, rotten });
    return false;
  }
  for (const { name, request } of await jobsOf(scene)) {
    const resumed = request.inputs['resume']?.uri ?? '';
    if (name.endsWith(`-${hit.attempt}`) || resumed.endsWith(hit.path)) scene.blame(name, 'damaged');
  }
  return true;
}

async function haunt(scene: Scene): Promise<boolean> {
  const { place, inventory, steps } = scene;
  const over = (await jobsOf(scene)).findLast(({ status }) => isTerminal(status));
  await inventory.look();
  const last = inventory
    .there()
    .find(({ attempt, damagedAt }) => damagedAt === null && over?.name.endsWith(`-${attempt}`) === true);
  if (last === undefined) return false;
  const path = `${last.path.slice(0, -9)}${String(last.step + 17).padStart(9, '0')}`;
  inventory.ghost(path);
  return (await ghost(place.store, last, steps)) !== null;
}

async function workerDies({ place, keeper }: Scene, fault: Of<'worker-dies'>): Promise<boolean> {
  if (place.orders.death(fault.call, fault.when)) keeper.expect(fault.seconds);
  else await keeper.kill(fault.seconds);
  return true;
}
