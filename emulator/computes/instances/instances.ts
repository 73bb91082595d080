import type { Instance, InstanceState } from '../../entities/instance.js';
import { mfeFault } from '../../http/fault.js';
import { param, type Call, type Reply } from '../../http/route.js';
import type { Collection } from '../../store/collection.js';
import { speaksSince } from '../../versions/since.js';
import type { World } from '../../world.js';
import { startOperation } from '../operations.js';
import { readInstance } from './request.js';
import { acceptedInstance } from './wire.js';

/** All compute instances. */
export function instances(world: World): Collection<Instance> {
  return world.store.collection<Instance>('instances');
}

/** Makes an instance, or changes one. */
export function putInstance(call: Call): Reply {
  const { world } = call;
  const name = param(call, 'compute');
  const before = instances(world).get(name);
  const wanted = readInstance(call.body);
  const now = world.clock.now().toISOString();
  const isModern = before?.isModern ?? speaksSince(call, '2023-08');
  const instance: Instance = {
    name,
    ...wanted,
    location: wanted.location ?? world.options.region,
    createdAt: before?.createdAt ?? now,
    modifiedAt: now,
    provisioningState: 'Creating',
    provisioningErrors: null,
    provisioningWarnings: isModern ? null : undefined,
    isModern,
    state: before?.state ?? 'Creating',
    lastOperation: { name: 'Create', at: now, status: 'InProgress' },
  };
  instances(world).put(name, instance);
  const headers = startOperation(call, name, () => settle(world, name, before?.state ?? 'Running'));
  return { status: 201, headers, body: acceptedInstance(world, instance, before === undefined) };
}

const STEPS = {
  start: { name: 'Start', from: ['Stopped'], via: 'Starting', to: 'Running' },
  stop: { name: 'Stop', from: ['Running'], via: 'Stopping', to: 'Stopped' },
  restart: { name: 'Restart', from: ['Running'], via: 'Restarting', to: 'Running' },
} as const;

/** Starts, stops or restarts an instance. @throws Fault 400 when it is in no state for it; the words were never recorded */
export function moveInstance(call: Call, instance: Instance, step: keyof typeof STEPS): Reply {
  const { world } = call;
  const { name, from, via, to } = STEPS[step];
  const possible: readonly string[] = from;
  if (!possible.includes(instance.state)) {
    throw mfeFault(400, {
      message: `The compute instance ${instance.name} is ${instance.state}; only one that is ${from.join(' or ')} can be asked to ${step}.`,
      inner: ['BadArgument'],
    });
  }
  const now = world.clock.now().toISOString();
  change(world, instance, { state: via, lastOperation: { name, at: now, status: 'InProgress' } });
  return { status: 202, headers: startOperation(call, instance.name, () => settle(world, instance.name, to)) };
}

/** Takes an instance down. */
export function removeInstance(call: Call, instance: Instance): Reply {
  const { world } = call;
  change(world, instance, { provisioningState: 'Deleting' });
  const headers = startOperation(call, instance.name, () => {
    instances(world).delete(instance.name);
    return null;
  });
  return { status: 202, headers };
}

/** What operations were at when the emulator went down is done. */
export function finishInstances(world: World): void {
  const ends: Partial<Record<InstanceState, InstanceState>> = { Stopping: 'Stopped' };
  for (const instance of instances(world).all()) {
    if (instance.provisioningState === 'Deleting') instances(world).delete(instance.name);
    else if (instance.lastOperation.status === 'InProgress')
      settle(world, instance.name, ends[instance.state] ?? 'Running');
  }
}

// Nothing goes wrong with an instance, so there is never a reason to return.
function settle(world: World, name: string, state: InstanceState): null {
  const instance = instances(world).get(name);
  if (instance === undefined || instance.provisioningState === 'Deleting') return null;
  change(world, instance, {
    state,
    provisioningState: 'Succeeded',
    provisioningWarnings: instance.isModern ? {} : undefined,
    lastOperation: { ...instance.lastOperation, status: 'Succeeded' },
  });
  return null;
}

function change(world: World, instance: Instance, changes: Partial<Instance>): void {
  Object.assign(instance, changes, { modifiedAt: world.clock.now().toISOString() });
  instances(world).put(instance.name, instance);
}
