import type { Datastore } from '../../../../emulator/entities/datastore.js';
import type { Author } from '../../../../emulator/entities/systemData.js';
import type { Json } from '../../support/json.js';
import type { Exchange } from '../files.js';
import type { Stage } from '../stage.js';
import type { Prepare } from './prepare.js';

const SECRETS: Record<string, object> = {
  AccountKey: { secretsType: 'AccountKey', key: 'c2VjcmV0' },
  Sas: { secretsType: 'Sas', sasToken: '?sv=1' },
  ServicePrincipal: { secretsType: 'ServicePrincipal', clientSecret: 'secret' },
  Certificate: { secretsType: 'Certificate', certificate: 'secret' },
};

/** A datastore that the recording did not make itself is there as the answer shows it. */
export const prepareDatastore: Prepare = async (stage, exchange, [name = '']) => {
  const isNew = exchange.method === 'PUT' && exchange.status === 201;
  if (exchange.status >= 300 || isNew) return;
  if (exists(stage, name)) {
    setHistory(stage, name, exchange.body?.systemData);
    return;
  }
  const shown = exchange.body?.properties ?? { ...FROM_NOTHING, ...exchange.body };
  await make(stage, exchange, name, shown);
};

/** All datastores of a list are there. */
export const prepareDatastores: Prepare = async (stage, exchange) => {
  for (const item of exchange.body.value) {
    const isOwn = stage.made.has(`${stage.base}/datastores/${item.name}`.toLowerCase());
    if (!exists(stage, item.name)) await make(stage, exchange, item.name, item.properties);
    if (!isOwn) setHistory(stage, item.name, item.systemData);
  }
};

const FROM_NOTHING = {
  datastoreType: 'AzureBlob',
  accountName: 'account',
  containerName: 'container',
  credentials: { credentialsType: 'AccountKey' },
};

async function make(stage: Stage, exchange: Exchange, name: string, shown: Json): Promise<void> {
  const secrets = SECRETS[shown.credentials.credentialsType];
  const credentials = { ...shown.credentials, ...(secrets === undefined ? {} : { secrets }) };
  const body = { properties: { ...shown, credentials } };
  const version = exchange.url.searchParams.get('api-version') ?? '';
  await stage.call('PUT', `${stage.base}/datastores/${name}?api-version=${version}`, body);
  const store = stage.world.store.collection<Json>('datastores').get(name);
  if (store !== undefined) store.tags = shown.tags ?? null;
}

/** When a datastore was made, which orders lists, and who made it, which some recordings do not tell. */
function setHistory(stage: Stage, name: string, systemData: Json): void {
  const store = stage.world.store.collection<Datastore>('datastores').get(name);
  if (store === undefined || systemData === undefined) return;
  const author = (type: string | undefined): Author =>
    type === undefined ? null : type === 'Application' ? 'service' : 'person';
  store.createdAt = new Date(systemData.createdAt).toISOString();
  store.createdBy = author(systemData.createdByType);
  store.modifiedBy = author(systemData.lastModifiedByType);
}

function exists(stage: Stage, name: string): boolean {
  return stage.world.store.collection('datastores').get(name) !== undefined;
}
