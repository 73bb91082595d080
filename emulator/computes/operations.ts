import { LOCATION, ok, param, type Call, type Reply, type Route } from '../http/route.js';
import { armFault } from '../http/fault.js';
import { operationSignature } from '../http/signature.js';
import type { ErrorItem } from '../entities/cluster.js';
import type { Operation } from '../entities/operation.js';
import { newGuid } from '../options.js';
import type { World } from '../world.js';

/** Long-running operations on computes, polled at `computeOperationsStatus`. */
export const operationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${LOCATION}/computeOperationsStatus/:operation`,
    guard: 'arm',
    title: 'Operation of a cluster',
    handle: getOperation,
  },
];

/**
 * Starts an operation that has its effect after a while.
 *
 * @param effect returns why the operation failed, or null
 * @returns the headers that tell the client where to poll: Azure-AsyncOperation alone, as recorded
 */
export function startOperation(call: Call, resource: string, effect: () => ErrorItem | null): Record<string, string> {
  const { world } = call;
  const operation: Operation = { id: newGuid(), resource, status: 'InProgress' };
  const operations = world.store.collection<Operation>('operations');
  operations.put(operation.id, operation);
  world.clock.after(world.options.operationSeconds, () => {
    const failure = effect();
    operations.put(operation.id, {
      ...operation,
      ...(failure ?? {}),
      status: failure === null ? 'Succeeded' : 'Failed',
    });
  });
  const { subscription, region } = world.options;
  const version = call.query.get('api-version') ?? '';
  return {
    'Azure-AsyncOperation': `${call.site.arm}/subscriptions/${subscription}/providers/Microsoft.MachineLearningServices/locations/${region}/computeOperationsStatus/${operation.id}?api-version=${version}&service=new${operationSignature(call, operation.id)}`,
  };
}

/** Operations that a crash interrupted count as done: their effect is made good at the start. */
export function finishOperations(world: World): void {
  const operations = world.store.collection<Operation>('operations');
  for (const operation of operations.all()) {
    if (operation.status === 'InProgress') operations.put(operation.id, { ...operation, status: 'Succeeded' });
  }
}

function getOperation(call: Call): Reply {
  const id = param(call, 'operation');
  const operation = call.world.store.collection<Operation>('operations').get(id);
  if (operation === undefined) throw armFault(404, 'NotFound', `The operation '${id}' was not found.`);
  const { status, error } = operation;
  if (status === 'Failed') return ok({ status, error });
  return ok(status === 'Succeeded' ? { status, percentComplete: 100.0 } : { status });
}
