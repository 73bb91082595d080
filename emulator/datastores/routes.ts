import { z } from 'zod';

import type { Datastore } from '../entities/datastore.js';
import { mfeFault } from '../http/fault.js';
import { invalidRequest, notEmulated } from '../http/invalid.js';
import { page } from '../http/page.js';
import { WORKSPACE, ok, param, type Call, type Reply, type Route } from '../http/route.js';
import { datastoreBody } from './wire.js';

const STORE = `${WORKSPACE}/datastores/:datastore`;

/** Datastores on Blob storage. */
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

const body = z.object({
  properties: z.object({
    datastoreType: z.string(),
    accountName: z.string(),
    containerName: z.string(),
    endpoint: z.string().nullish(),
    protocol: z.string().nullish(),
    description: z.string().nullish(),
    tags: z.record(z.string(), z.string()).nullish(),
    isDefault: z.boolean().nullish(),
    serviceDataAccessAuthIdentity: z.string().nullish(),
    credentials: z.object({
      credentialsType: z.string(),
      secrets: z.record(z.string(), z.string()).nullish(),
    }),
  }),
});

function list(call: Call): Reply {
  const onlyDefault = call.query.get('isDefault') === 'true';
  const stores = collection(call)
    .all()
    .filter((store) => !onlyDefault || store.isDefault);
  return ok(
    page(
      call,
      stores.map((store) => datastoreBody(call.world, store)),
      Number(call.query.get('count') ?? 30),
    ),
  );
}

function put(call: Call): Reply {
  const parsed = body.safeParse(call.body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { credentials, ...wanted } = parsed.data.properties;
  if (wanted.datastoreType !== 'AzureBlob') {
    throw notEmulated(`datastores of type ${wanted.datastoreType}, only AzureBlob`);
  }
  const name = param(call, 'datastore');
  const before = collection(call).get(name);
  const now = call.world.clock.now().toISOString();
  const store: Datastore = {
    name,
    datastoreType: wanted.datastoreType,
    description: wanted.description ?? null,
    tags: wanted.tags ?? {},
    isDefault: wanted.isDefault ?? false,
    accountName: wanted.accountName,
    containerName: wanted.containerName,
    endpoint: wanted.endpoint ?? 'core.windows.net',
    protocol: wanted.protocol ?? 'https',
    serviceDataAccessAuthIdentity: wanted.serviceDataAccessAuthIdentity ?? 'None',
    credentialsType: credentials.credentialsType,
    secrets: credentials.secrets ?? null,
    createdAt: before?.createdAt ?? now,
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

function listSecrets(call: Call): Reply {
  const store = existing(call);
  const asked = (call.body ?? {}) as { expirableSecret?: boolean; expireAfterHours?: number };
  const { storage } = call.world;
  const ours = storage !== null && store.accountName === storage.name;
  if (asked.expirableSecret === true && store.credentialsType === 'AccountKey' && ours) {
    return ok({
      secretsType: 'Sas',
      sasToken: `?${storage.containerSas(store.containerName, asked.expireAfterHours ?? 1)}`,
    });
  }
  if (store.secrets === null) {
    throw mfeFault(400, { message: `Datastore ${store.name} has no secrets.`, inner: ['BadArgument'] });
  }
  return ok(store.secrets);
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
