import { z } from 'zod';

import type { Datastore } from '../entities/datastore.js';
import { invalidRequest, notEmulated } from '../http/invalid.js';
import { credentials } from './credentials.js';

const text = z.string().nullish();
const words = z.record(z.string(), z.string().nullable()).nullish();

const common = {
  description: text,
  tags: words,
  properties: words,
  subscriptionId: text,
  resourceGroup: text,
  serviceDataAccessAuthIdentity: text,
  credentials,
};
const address = { endpoint: text, protocol: text };

const properties = z.discriminatedUnion('datastoreType', [
  z.object({ datastoreType: z.literal('AzureBlob'), accountName: text, containerName: text, ...address, ...common }),
  z.object({
    datastoreType: z.literal('AzureFile'),
    accountName: z.string(),
    fileShareName: z.string(),
    ...address,
    ...common,
  }),
  z.object({
    datastoreType: z.literal('AzureDataLakeGen2'),
    accountName: z.string(),
    filesystem: z.string(),
    ...address,
    ...common,
  }),
  z.object({ datastoreType: z.literal('AzureDataLakeGen1'), storeName: z.string(), ...common }),
]);

const NOT_EMULATED = ['Hdfs', 'OneLake'];

/** What a PUT says of a datastore. */
export type Wanted = Omit<Datastore, 'name' | 'isDefault' | keyof TimeStamps>;

type TimeStamps = Pick<Datastore, 'createdAt' | 'modifiedAt' | 'createdBy' | 'modifiedBy'>;

/**
 * Reads the body of a datastore PUT, with the defaults that the service fills in.
 *
 * @throws Fault 400 for a body that does not fit, 501 for kinds of storage that are not emulated
 */
export function readDatastore(given: unknown): Wanted {
  const type = (given as { properties?: { datastoreType?: unknown } } | undefined)?.properties?.datastoreType;
  if (NOT_EMULATED.includes(String(type))) throw notEmulated(`datastores of type ${String(type)}`);
  const parsed = z.object({ properties }).safeParse(given);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const wanted = parsed.data.properties;
  return {
    accountName: null,
    containerName: null,
    fileShareName: null,
    filesystem: null,
    storeName: null,
    ...defined(wanted),
    datastoreType: wanted.datastoreType,
    description: wanted.description ?? null,
    tags: wanted.tags ?? null,
    properties: wanted.properties ?? null,
    subscriptionId: wanted.subscriptionId ?? null,
    resourceGroup: wanted.resourceGroup ?? null,
    endpoint: ('endpoint' in wanted ? wanted.endpoint : null) ?? 'core.windows.net',
    protocol: ('protocol' in wanted ? wanted.protocol : null) ?? 'https',
    serviceDataAccessAuthIdentity: wanted.serviceDataAccessAuthIdentity ?? 'None',
    credentials: wanted.credentials.shown,
    secrets: wanted.credentials.secrets,
  };
}

const PLACE = ['accountName', 'containerName', 'fileShareName', 'filesystem', 'storeName'] as const;

function defined(wanted: object): Partial<Pick<Datastore, (typeof PLACE)[number]>> {
  const values = wanted as Partial<Record<(typeof PLACE)[number], string | null>>;
  return Object.fromEntries(PLACE.map((name) => [name, values[name] ?? null]));
}
