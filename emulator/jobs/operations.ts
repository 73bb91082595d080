import type { Operation } from '../entities/operation.js';
import { isTerminal } from '../entities/job.js';
import { operationSignature } from '../http/signature.js';
import { LOCATION, param, type Call, type Reply, type Route } from '../http/route.js';
import type { Collection } from '../store/collection.js';
import type { World } from '../world.js';

/** `jc` cancels a job, `jd` deletes one. */
type What = 'jc' | 'jd';

/** Long-running operations on jobs, polled at `mfeOperationResults`. */
export const jobOperationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${LOCATION}/mfeOperationResults/:operation`,
    guard: 'arm',
    title: 'Operation of a job',
    handle: operationResult,
  },
];

/** Starts an operation. @returns the headers that lead to it: Location alone, as recorded */
export function startJobOperation(call: Call, what: What, job: string): Record<string, string> {
  const { world } = call;
  const id = `${what}:${world.workspaceId}:${job}`;
  operations(world).put(id, { id, resource: job, status: 'InProgress' });
  world.clock.after(world.options.operationSeconds, () => {
    operations(world).put(id, { id, resource: job, status: 'Succeeded' });
  });
  return { Location: operationUrl(call, id), 'x-ms-async-operation-timeout': 'PT1H' };
}

// Done when it has taken its time and the job is at its end: 200 with nothing in it, before that 202 with {}.
function operationResult(call: Call): Reply {
  const id = param(call, 'operation');
  const operation = operations(call.world).get(id);
  const job = call.world.jobs.get(id.split(':').slice(2).join(':'));
  const isDone = operation?.status !== 'InProgress' && (job === undefined || isTerminal(job.status));
  return isDone ? { status: 200 } : { status: 202, headers: { Location: operationUrl(call, id) }, body: {} };
}

function operationUrl(call: Call, id: string): string {
  const { subscription, region } = call.world.options;
  const version = call.query.get('api-version') ?? '';
  return `${call.site.arm}/subscriptions/${subscription}/providers/Microsoft.MachineLearningServices/locations/${region}/mfeOperationResults/${id}?api-version=${version}${operationSignature(call, id)}`;
}

function operations(world: World): Collection<Operation> {
  return world.store.collection<Operation>('operations');
}
