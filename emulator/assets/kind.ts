import type { AssetKind, AssetVersion } from '../entities/asset.js';
import type { Author } from '../entities/systemData.js';
import type { Fault } from '../http/fault.js';
import type { Call } from '../http/route.js';
import type { World } from '../world.js';

/** What sets one kind of asset apart from the others. */
export interface Kind {
  segment: AssetKind;
  /** For titles: "an environment". */
  noun: string;
  /** Names of its bodies in `versions/members.json`. */
  versionModel: string;
  containerModel: string;
  /** Reads the properties of a PUT into those that are kept and answered. @throws Fault 400 */
  read(world: World, properties: Record<string, unknown>): Record<string, unknown>;
  /** Status of a PUT on a version that exists. */
  statusOfExisting: 200 | 201;
  /** Whether such a PUT changes it; codes stay what they are. */
  replaces: boolean;
  /** Who is told to have changed a version that nobody changed yet. */
  firstModifier: Author;
  /** Its properties as a single answer, and in a list, show them; as kept unless it says so. */
  shown?: Show;
  listed?: Show;
  missingVersion(world: World, name: string, version: string): Fault;
  missingContainer(name: string): Fault;
  /** Properties of a container beside `isArchived`, `latestVersion` and `nextVersion`; `versions` oldest first. */
  containerBefore: Record<string, unknown>;
  containerAfter(versions: AssetVersion[]): Record<string, unknown>;
}

/** The properties of a version in an answer. */
export type Show = (call: Call, asset: AssetVersion, latest: boolean) => Record<string, unknown>;

/** Properties that every kind keeps: description, tags, free properties, archive and anonymity flags. */
export function commonProperties(properties: Record<string, unknown>): Record<string, unknown> {
  return {
    description: properties['description'] ?? null,
    tags: properties['tags'] ?? {},
    properties: properties['properties'] ?? {},
    isArchived: properties['isArchived'] ?? false,
    isAnonymous: properties['isAnonymous'] ?? false,
  };
}

/** What containers have when nobody described them. */
export const PLAIN_CONTAINER = { description: null, tags: {}, properties: {} };
