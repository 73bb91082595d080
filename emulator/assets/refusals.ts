import { dataPlaneFault, mfeFault } from '../http/fault.js';
import { notEmulated } from '../http/invalid.js';
import { WORKSPACE, param, type Call, type Reply, type Route } from '../http/route.js';

/** Addresses at which the emulator has nothing but the service's own refusal: what they lead to cannot be made here. */
export const refusalRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `/content/v2.0${WORKSPACE}/snapshots/getByHash`,
    guard: 'data',
    title: 'A code snapshot of before 2022, by hash: there is none',
    handle: snapshot,
  },
  {
    method: 'POST',
    path: '/assetstore/v1.0/temporaryDataReference/createOrGet',
    guard: 'data',
    title: 'Where to upload an asset, as before 2023: refused for assets that are not there',
    handle: temporaryReference,
  },
  {
    method: 'GET',
    path: `${WORKSPACE}/schedules/:schedule`,
    guard: 'arm',
    title: 'A schedule: there is none',
    handle: schedule,
  },
];

function snapshot({ query }: Call): Reply {
  const message = `Snapshot with hash ${query.get('hash') ?? ''} was not found`;
  throw dataPlaneFault(404, 'UserError', message, ['NotFoundError'], { component: 'project' });
}

// Who may not read an asset and who asks for none get the same answer.
function temporaryReference(call: Call): Reply {
  const { assetId } = (call.body ?? {}) as { assetId?: unknown };
  const id = typeof assetId === 'string' ? assetId : '';
  const [, kind = 'assets', name = '', version = ''] = /\/(\w+)\/([^/]+)\/versions\/([^/]+)$/.exec(id) ?? [];
  const known = call.world.store.names().includes(kind) && call.world.store.collection(kind).get(`${name}:${version}`);
  if (known) throw notEmulated('temporary data references; ask startPendingUpload');
  const reason = `not having read access to specified resources for following asset types: ${kind}`;
  const message = (what: string): string => `User is not authorized to access provided resources due to ${what}.`;
  throw dataPlaneFault(403, 'UserError', message(reason), ['Auth', 'Authorization'], {
    component: 'assetstore',
    format: message('{reason}'),
    parameters: { reason },
  });
}

function schedule(call: Call): Reply {
  const name = param(call, 'schedule');
  throw mfeFault(404, { message: `Resource Trigger ${name} not found`, inner: ['NotFound'] });
}
