import { createHash } from 'node:crypto';

import type { Operation } from '../entities/operation.js';
import { armFault } from '../http/fault.js';
import { operationSignature } from '../http/signature.js';
import { LOCATION, ok, param, type Call, type Reply, type Route } from '../http/route.js';
import { newGuid } from '../options.js';
import { workspaceOf } from './state.js';
import { workspaceBody } from './wire.js';

/** Long-running operations on the workspace, polled at `workspaceOperationsStatus`. */
export const workspaceOperationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${LOCATION}/workspaceOperationsStatus/:operation`,
    guard: 'arm',
    title: 'Operation of the workspace',
    handle: status,
  },
];

/** Starts an operation that has its effect when it is done. @returns both headers that lead to it, as recorded */
export function startWorkspaceOperation(call: Call, effect: () => void): Record<string, string> {
  const { world } = call;
  const id = createHash('sha256').update(newGuid()).digest('base64url');
  const operations = world.store.collection<Operation>('operations');
  const operation: Operation = { id, resource: 'workspace', status: 'InProgress' };
  operations.put(id, operation);
  world.clock.after(world.options.operationSeconds, () => {
    effect();
    operations.put(id, { ...operation, status: 'Succeeded' });
  });
  const { subscription, region } = world.options;
  const version = call.query.get('api-version') ?? '';
  const address = `${call.site.arm}/subscriptions/${subscription}/providers/Microsoft.MachineLearningServices/locations/${region}/workspaceOperationsStatus/${id}?api-version=${version}`;
  const signature = operationSignature(call, id);
  return {
    'Azure-AsyncOperation': `${address}&type=async${signature}`,
    Location: `${address}&type=location${signature}`,
  };
}

// Who polls the Location waits with 202 and gets the workspace; that was never recorded, but is ARM's rule.
function status(call: Call): Reply {
  const id = param(call, 'operation');
  const operation = call.world.store.collection<Operation>('operations').get(id);
  if (operation === undefined) throw armFault(404, 'NotFound', `The operation '${id}' was not found.`);
  const { status: state, error } = operation;
  if (call.query.get('type') === 'location') {
    if (state === 'InProgress') return { status: 202, headers: { Location: call.url.href } };
    return workspaceOf(call.world).deleted ? { status: 204 } : ok(workspaceBody(call));
  }
  if (error !== undefined) return ok({ status: state, error });
  return ok(state === 'Succeeded' ? { status: state, percentComplete: 100.0 } : { status: state });
}
