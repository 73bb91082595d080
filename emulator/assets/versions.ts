import type { AssetVersion } from '../entities/asset.js';
import { systemData } from '../entities/systemData.js';
import { invalidFields } from '../http/invalid.js';
import { page } from '../http/page.js';
import { ok, param, type Call, type Reply } from '../http/route.js';
import { workspacePath, type World } from '../world.js';
import type { Kind } from './kind.js';

const PAGE = 30;

/** Registers a version; one that exists is replaced where its kind may be, and answered with its kind's status. */
export function putVersion(kind: Kind, call: Call): Reply {
  const [container, version] = [param(call, 'asset'), param(call, 'version')];
  const given = (call.body as { properties?: Record<string, unknown> } | undefined)?.properties;
  if (given === undefined) throw invalidFields(['properties is missing.']);
  const properties = kind.read(call.world, given);
  const before = collection(kind, call.world).get(`${container}:${version}`);
  const now = call.world.clock.now().toISOString();
  const asset: AssetVersion =
    before !== undefined && !kind.replaces
      ? before
      : {
          container,
          version,
          properties,
          createdAt: before?.createdAt ?? now,
          modifiedAt: now,
          modifiedBy: before === undefined ? kind.firstModifier : 'person',
        };
  collection(kind, call.world).put(`${container}:${version}`, asset);
  const status = before === undefined ? 201 : kind.statusOfExisting;
  const headers: Record<string, string> = status === 201 ? { Location: call.url.href } : {};
  return { status, headers, body: versionBody(kind, call, asset) };
}

/** Lists versions newest first, or whatever the query asks for; a lookup by hash searches the whole workspace. */
export function listVersions(kind: Kind, call: Call): Reply {
  const hash = call.query.get('hash');
  const versions = hash === null ? chosen(kind, call) : byHash(kind, call.world, hash);
  const shown = page(call, versions, PAGE);
  return ok({ ...shown, value: shown.value.map((asset) => versionBody(kind, call, asset, 'listed')) });
}

/** Deletes a version: 204 where there is none. */
export function removeVersion(kind: Kind, call: Call): Reply {
  const gone = collection(kind, call.world).delete(`${param(call, 'asset')}:${param(call, 'version')}`);
  return { status: gone ? 200 : 204 };
}

/** The version that the path names. @throws Fault 404 */
export function existingVersion(kind: Kind, call: Call): AssetVersion {
  const [name, version] = [param(call, 'asset'), param(call, 'version')];
  const asset = collection(kind, call.world).get(`${name}:${version}`);
  if (asset === undefined) throw kind.missingVersion(call.world, name, version);
  return asset;
}

/** A version as it is answered by itself or in a list. */
export function versionBody(kind: Kind, call: Call, asset: AssetVersion, as: 'shown' | 'listed' = 'shown'): object {
  const show = kind[as];
  const isLatest = (): boolean => versionsOf(kind, call.world, asset.container).at(-1) === asset;
  return {
    id: `${workspacePath(call.world)}/${kind.segment}/${asset.container}/versions/${asset.version}`,
    name: asset.version,
    type: `Microsoft.MachineLearningServices/workspaces/${kind.segment}/versions`,
    properties: show === undefined ? asset.properties : show(call, asset, isLatest()),
    systemData: systemData(asset),
  };
}

/** Versions of a container, oldest first. */
export function versionsOf(kind: Kind, world: World, container: string): AssetVersion[] {
  const name = container.toLowerCase();
  const versions = collection(kind, world)
    .all()
    .filter((asset) => asset.container.toLowerCase() === name);
  return versions.sort((left, right) => left.createdAt.localeCompare(right.createdAt));
}

/** All versions of a kind. */
export function collection(kind: Kind, world: World): ReturnType<typeof world.store.collection<AssetVersion>> {
  return world.store.collection<AssetVersion>(kind.segment);
}

function byHash(kind: Kind, world: World, hash: string): AssetVersion[] {
  return collection(kind, world)
    .all()
    .filter((asset) => (asset.properties['properties'] as Record<string, string> | null)?.['hash_sha256'] === hash)
    .slice(0, 1);
}

function chosen(kind: Kind, { world, query, params }: Call): AssetVersion[] {
  const name = params['asset'] ?? '';
  const versions = versionsOf(kind, world, name);
  if (versions.length === 0 && kind.segment !== 'codes') throw kind.missingContainer(name);
  const view = query.get('listViewType') ?? 'ActiveOnly';
  const is = (asset: AssetVersion, field: string): boolean => {
    const wanted = query.get(field);
    return wanted === null || asset.properties[field] === wanted;
  };
  const found = versions.filter(
    (asset) =>
      (view === 'All' || (asset.properties['isArchived'] === true) === (view === 'ArchivedOnly')) &&
      (query.get('version') === null || asset.version === query.get('version')) &&
      is(asset, 'stage') &&
      is(asset, 'description'),
  );
  return /^createdtime asc$/i.test(query.get('$orderBy') ?? '') ? found : found.reverse();
}
