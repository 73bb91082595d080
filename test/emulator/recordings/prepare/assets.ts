import type { AssetVersion } from '../../../../emulator/entities/asset.js';
import type { Json } from '../../support/json.js';
import type { Exchange } from '../files.js';
import type { Stage } from '../stage.js';
import type { Prepare } from './prepare.js';

/** What the service adds to a version, and no client sends. */
const ADDED = new Set(['provisioningState', 'environmentType', 'stage']);

/** A version that the recording did not make itself is there as the answer shows it. */
export const prepareAsset: Prepare = async (stage, exchange, [segment = '', name = '', version = '']) => {
  const isNew = exchange.method === 'PUT' && exchange.status === 201 && !isOld(exchange.body);
  if (exchange.status >= 300 || isNew) return;
  await makeUnlessThere(stage, exchange, segment, name, version, exchange.body.properties);
};

/** All versions of a list are there, the first shown made last. */
export const prepareVersions: Prepare = async (stage, exchange, [segment = '']) => {
  if (exchange.status >= 300) return;
  for (const item of exchange.body.value.toReversed()) {
    const [, name = ''] = /\/(?:codes|environments|data|models)\/([^/]+)\/versions\//.exec(item.id) ?? [];
    await makeUnlessThere(stage, exchange, segment, name, item.name, item.properties);
  }
};

async function makeUnlessThere(
  stage: Stage,
  exchange: Exchange,
  segment: string,
  name: string,
  version: string,
  shown: Json,
): Promise<void> {
  const versions = stage.world.store.collection<AssetVersion>(segment);
  if (versions.get(`${name}:${version}`) !== undefined) return;
  const properties = Object.fromEntries(Object.entries(shown as object).filter(([key]) => !ADDED.has(key)));
  const api = exchange.url.searchParams.get('api-version') ?? '';
  await stage.call('PUT', `${stage.base}/${segment}/${name}/versions/${version}?api-version=${api}`, { properties });
  const made = versions.get(`${name}:${version}`);
  if (made !== undefined && shown.environmentType !== undefined)
    made.properties['environmentType'] = shown.environmentType;
}

// A PUT of an existing environment is a 201 too; what tells it is the time of making.
function isOld(body: Json): boolean {
  return body.systemData.createdAt !== body.systemData.lastModifiedAt && 'environmentType' in body.properties;
}
