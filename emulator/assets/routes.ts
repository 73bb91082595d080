import type { AssetVersion } from '../entities/asset.js';
import { systemData } from '../entities/systemData.js';
import { invalidFields } from '../http/invalid.js';
import { page } from '../http/page.js';
import { WORKSPACE, ok, param, type Call, type Reply, type Route } from '../http/route.js';
import { workspacePath } from '../world.js';
import { codes } from './codes.js';
import { data } from './data.js';
import { environments } from './environments.js';
import type { Kind } from './kind.js';
import { models } from './models.js';
import { pendingUploadRoutes } from './pendingUpload.js';

const PAGE = 30;

/** Versioned assets: codes, environments, models and data. */
export const assetRoutes: readonly Route[] = [
  ...[codes, environments, models, data].flatMap(routesOf),
  ...pendingUploadRoutes,
];

function routesOf(kind: Kind): Route[] {
  const container = `${WORKSPACE}/${kind.segment}/:asset`;
  const version = `${container}/versions/:version`;
  const answer = kind.versionModel;
  return [
    {
      method: 'GET',
      path: container,
      title: `Name of ${kind.noun}, with its latest version`,
      guard: 'arm',
      answer: kind.containerModel,
      handle: (call) => getContainer(kind, call),
    },
    {
      method: 'GET',
      path: `${container}/versions`,
      title: `Versions of ${kind.noun}`,
      guard: 'arm',
      answer,
      handle: (call) => list(kind, call),
    },
    {
      method: 'GET',
      path: version,
      title: `One version of ${kind.noun}`,
      guard: 'arm',
      answer,
      handle: (call) => ok(versionBody(kind, call, existing(kind, call))),
    },
    {
      method: 'PUT',
      path: version,
      title: `Register a version of ${kind.noun}`,
      guard: 'arm',
      request: answer,
      answer,
      handle: (call) => put(kind, call),
    },
    {
      method: 'DELETE',
      path: version,
      title: `Delete a version of ${kind.noun}`,
      guard: 'arm',
      handle: (call) => remove(kind, call),
    },
  ];
}

function put(kind: Kind, call: Call): Reply {
  const [container, version] = [param(call, 'asset'), param(call, 'version')];
  const given = (call.body as { properties?: Record<string, unknown> } | undefined)?.properties;
  if (given === undefined) throw invalidFields(['properties is missing.']);
  const properties = kind.read(call.world, given);
  const before = collection(kind, call).get(`${container}:${version}`);
  const now = call.world.clock.now().toISOString();
  const asset: AssetVersion =
    before !== undefined && !kind.replaces
      ? before
      : { container, version, properties, createdAt: before?.createdAt ?? now, modifiedAt: now };
  collection(kind, call).put(`${container}:${version}`, asset);
  const status = before === undefined ? 201 : kind.statusOfExisting;
  const headers: Record<string, string> = status === 201 ? { Location: call.url.href } : {};
  return { status, headers, body: versionBody(kind, call, asset) };
}

function list(kind: Kind, call: Call): Reply {
  const hash = call.query.get('hash');
  // A lookup by hash searches the whole workspace: the hit may belong to another container.
  if (hash !== null) return ok(page(call, bodies(kind, call, byHash(kind, call, hash)), PAGE));
  const versions = versionsOf(kind, call);
  if (versions.length === 0 && kind.segment !== 'codes') throw kind.missingContainer(param(call, 'asset'));
  const view = call.query.get('listViewType') ?? 'ActiveOnly';
  const shown = versions.filter(
    ({ properties }) => view === 'All' || (properties['isArchived'] === true) === (view === 'ArchivedOnly'),
  );
  return ok(page(call, bodies(kind, call, shown.reverse()), PAGE));
}

function byHash(kind: Kind, call: Call, hash: string): AssetVersion[] {
  return collection(kind, call)
    .all()
    .filter((asset) => (asset.properties['properties'] as Record<string, string>)['hash_sha256'] === hash)
    .slice(0, 1);
}

function getContainer(kind: Kind, call: Call): Reply {
  const name = param(call, 'asset');
  const versions = versionsOf(kind, call);
  const [first, last] = [versions[0], versions.at(-1)];
  if (first === undefined || last === undefined) throw kind.missingContainer(name);
  const numbers = versions.map(({ version }) => Number(version)).filter(Number.isInteger);
  return ok({
    id: `${workspacePath(call.world)}/${kind.segment}/${name}`,
    name,
    type: `Microsoft.MachineLearningServices/workspaces/${kind.segment}`,
    properties: {
      description: null,
      tags: {},
      properties: {},
      isArchived: false,
      latestVersion: last.version,
      nextVersion: String(Math.max(0, ...numbers) + 1),
      ...kind.container(versions),
    },
    systemData: systemData({ createdAt: first.createdAt, modifiedAt: last.modifiedAt }),
  });
}

function remove(kind: Kind, call: Call): Reply {
  const gone = collection(kind, call).delete(`${param(call, 'asset')}:${param(call, 'version')}`);
  return { status: gone ? 200 : 204 };
}

function existing(kind: Kind, call: Call): AssetVersion {
  const [name, version] = [param(call, 'asset'), param(call, 'version')];
  const asset = collection(kind, call).get(`${name}:${version}`);
  if (asset === undefined) throw kind.missingVersion(call.world, name, version);
  return asset;
}

/** Versions of a container, oldest first. */
function versionsOf(kind: Kind, call: Call): AssetVersion[] {
  const name = param(call, 'asset').toLowerCase();
  const versions = collection(kind, call)
    .all()
    .filter(({ container }) => container.toLowerCase() === name);
  return versions.sort((left, right) => left.createdAt.localeCompare(right.createdAt));
}

function bodies(kind: Kind, call: Call, versions: AssetVersion[]): object[] {
  return versions.map((asset) => versionBody(kind, call, asset));
}

function versionBody(kind: Kind, call: Call, asset: AssetVersion): object {
  return {
    id: `${workspacePath(call.world)}/${kind.segment}/${asset.container}/versions/${asset.version}`,
    name: asset.version,
    type: `Microsoft.MachineLearningServices/workspaces/${kind.segment}/versions`,
    properties: asset.properties,
    systemData: systemData(asset),
  };
}

function collection(kind: Kind, call: Call): ReturnType<typeof call.world.store.collection<AssetVersion>> {
  return call.world.store.collection<AssetVersion>(kind.segment);
}
