import type { Datastore } from '../entities/datastore.js';
import { mfeFault } from '../http/fault.js';
import { page } from '../http/page.js';
import { WORKSPACE, ok, param, type Call, type Reply, type Route } from '../http/route.js';
import { containerSignature } from '../storage/signature.js';
import { ARTIFACT_STORE } from './defaults.js';
import { readDatastore } from './request.js';
import { datastoreBody } from './wire.js';

const STORE = `${WORKSPACE}/datastores/:datastore`;
const PAGE = 30;

/** Datastores of every kind; jobs reach those on Blob. */
export const datastoreRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${WORKSPACE}/datastores`,
    title: 'List of datastores',
    guard: 'arm',
    answer: 'Datastore',
    handle: list,
  },
  {
    method: 'PUT',
    path: STORE,
    title: 'Create or replace a datastore',
    guard: 'arm',
    request: 'Datastore',
    answer: 'Datastore',
    handle: put,
  },
  {
    method: 'GET',
    path: STORE,
    title: 'Datastore, without its secrets',
    guard: 'arm',
    answer: 'Datastore',
    handle: (call) => ok(datastoreBody(call.world, existing(call))),
  },
  { method: 'DELETE', path: STORE, title: 'Delete a datastore', guard: 'arm', handle: remove },
  {
    method: 'POST',
    path: `${STORE}/listSecrets`,
    title: 'Secrets of a datastore: its key, or a signature that expires',
    guard: 'arm',
    handle: listSecrets,
  },
];

function list(call: Call): Reply {
  const { query, world } = call;
  const onlyDefault = query.get('isDefault') === 'true';
  const names = query.getAll('names').flatMap((each) => each.split(','));
  const stores = collection(call)
    .all()
    .filter(({ isDefault }) => !onlyDefault || isDefault)
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .sort((left, right) => right.createdAt.localeCompare(left.createdAt));
  const ordered = query.get('orderByAsc') === 'true' ? stores.toReversed() : stores;
  const shown = page(call, ordered, Number(query.get('count') ?? PAGE));
  return ok({ ...shown, value: shown.value.map((store) => datastoreBody(world, store)) });
}

function put(call: Call): Reply {
  const name = param(call, 'datastore');
  const before = collection(call).get(name);
  const now = call.world.clock.now().toISOString();
  const store: Datastore = {
    name,
    ...readDatastore(call.body),
    isDefault: before?.isDefault ?? false,
    createdAt: before?.createdAt ?? now,
    ...(before?.createdBy === undefined ? {} : { createdBy: before.createdBy }),
    modifiedAt: now,
  };
  collection(call).put(name, store);
  const isNew = before === undefined;
  return {
    status: isNew ? 201 : 200,
    ...(isNew ? { headers: { Location: call.url.href } } : {}),
    body: datastoreBody(call.world, store),
  };
}

function remove(call: Call): Reply {
  collection(call).delete(param(call, 'datastore'));
  return { status: 200 };
}

// Who asks for a secret that expires gets a signature made with the key: recorded of two stores, neither of them the
// artifact store. Of that one only the key was, and azure-ai-ml signs with it the addresses of the logs that it streams.
function listSecrets(call: Call): Reply {
  const store = existing(call);
  const asked = (call.body ?? {}) as { expirableSecret?: boolean; expireAfterHours?: number };
  const { name, accountName, containerName, secrets } = store;
  if (secrets === null) {
    throw mfeFault(400, { message: `Datastore ${store.name} has no secrets.`, inner: ['BadArgument'] });
  }
  const key = secrets['key'];
  const isSigned = asked.expirableSecret === true && name !== ARTIFACT_STORE;
  if (!isSigned || key === undefined || accountName === null || containerName === null) return ok(secrets);
  const place = { account: accountName, key, container: containerName };
  return ok({ secretsType: 'Sas', sasToken: `?${containerSignature(place, asked.expireAfterHours ?? 1)}` });
}

function existing(call: Call): Datastore {
  const name = param(call, 'datastore');
  const store = collection(call).get(name);
  if (store !== undefined) return store;
  throw mfeFault(404, { message: `Could not find datastore: ${name}.`, inner: ['NotFoundError'] });
}

function collection(call: Call): ReturnType<typeof call.world.store.collection<Datastore>> {
  return call.world.store.collection<Datastore>('datastores');
}
