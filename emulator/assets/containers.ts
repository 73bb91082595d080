import type { AssetContainer, AssetVersion } from '../entities/asset.js';
import { systemData } from '../entities/systemData.js';
import { invalidFields } from '../http/invalid.js';
import { page } from '../http/page.js';
import { ok, param, type Call, type Reply } from '../http/route.js';
import type { Collection } from '../store/collection.js';
import { workspacePath, type World } from '../world.js';
import type { Kind } from './kind.js';
import { collection, versionsOf } from './versions.js';

const PAGE = 30;
const FIELDS = ['description', 'tags', 'properties', 'isArchived'] as const;

/** A container: the name that versions share. @throws Fault 404 */
export function getContainer(kind: Kind, call: Call): Reply {
  const name = param(call, 'asset');
  const body = containerBody(kind, call.world, name);
  if (body === undefined) throw kind.missingContainer(name);
  return ok(body);
}

/** All containers of a kind, newest first. */
export function listContainers(kind: Kind, call: Call): Reply {
  const { world, query } = call;
  const view = query.get('listViewType') ?? 'ActiveOnly';
  const names = new Map<string, string>();
  for (const { container } of collection(kind, world).all()) names.set(container.toLowerCase(), container);
  for (const { name, segment } of containers(world).all())
    if (segment === kind.segment) names.set(name.toLowerCase(), name);
  const bodies = [...names.values()].reverse().map((name) => containerBody(kind, world, name));
  const shown = bodies.filter(
    (body) => view === 'All' || (body?.properties['isArchived'] === true) === (view === 'ArchivedOnly'),
  );
  return ok(page(call, shown, PAGE));
}

/** Makes a container, or changes its description, tags and whether it is archived. */
export function putContainer(kind: Kind, call: Call): Reply {
  const { world } = call;
  const name = param(call, 'asset');
  const given = (call.body as { properties?: Record<string, unknown> } | undefined)?.properties;
  if (given === undefined) throw invalidFields(['properties is missing.']);
  const isNew = containerBody(kind, world, name) === undefined;
  const now = world.clock.now().toISOString();
  const sent = [...FIELDS, 'dataType'].filter((field) => given[field] != null);
  containers(world).put(keyOf(kind, name), {
    segment: kind.segment,
    name,
    properties: Object.fromEntries(sent.map((field) => [field, given[field]])),
    createdAt: containers(world).get(keyOf(kind, name))?.createdAt ?? now,
    modifiedAt: now,
  });
  const headers: Record<string, string> = isNew ? { Location: call.url.href } : {};
  return { status: isNew ? 201 : 200, headers, body: containerBody(kind, world, name) };
}

interface Body {
  properties: Record<string, unknown>;
}

function containerBody(kind: Kind, world: World, name: string): Body | undefined {
  const versions = versionsOf(kind, world, name);
  const own = containers(world).get(keyOf(kind, name));
  const first = own ?? versions[0];
  if (first === undefined) return undefined;
  const { isArchived = false, dataType, ...described } = own?.properties ?? {};
  return {
    id: `${workspacePath(world)}/${kind.segment}/${name}`,
    name,
    type: `Microsoft.MachineLearningServices/workspaces/${kind.segment}`,
    properties: {
      ...kind.containerBefore,
      ...described,
      isArchived,
      latestVersion: versions.at(-1)?.version ?? null,
      nextVersion: nextVersion(versions),
      ...kind.containerAfter(versions),
      ...(versions.length === 0 && dataType !== undefined ? { dataType } : {}),
    },
    systemData: systemData({
      createdAt: first.createdAt,
      modifiedAt: (versions.at(-1) ?? first).modifiedAt,
      modifiedBy: own === undefined ? kind.firstModifier : 'person',
    }),
  } as Body;
}

function nextVersion(versions: AssetVersion[]): string {
  const numbers = versions.map(({ version }) => Number(version)).filter(Number.isInteger);
  return String(Math.max(0, ...numbers) + 1);
}

function keyOf(kind: Kind, name: string): string {
  return `${kind.segment}:${name}`;
}

function containers(world: World): Collection<AssetContainer> {
  return world.store.collection<AssetContainer>('containers');
}
