import type { AssetKind, AssetVersion } from '../entities/asset.js';
import type { Fault } from '../http/fault.js';
import type { World } from '../world.js';

/** What sets one kind of asset apart from the others. */
export interface Kind {
  segment: AssetKind;
  /** For titles: "an environment". */
  noun: string;
  /** Names of its container and its version in the table of members. */
  containerModel: string;
  versionModel: string;
  /** Reads the properties of a PUT into those that are kept and answered. @throws Fault 400 */
  read(world: World, properties: Record<string, unknown>): Record<string, unknown>;
  /** Status of a PUT on a version that exists. */
  statusOfExisting: 200 | 201;
  /** Whether such a PUT changes it; codes stay what they are. */
  replaces: boolean;
  missingVersion(world: World, name: string, version: string): Fault;
  missingContainer(name: string): Fault;
  /** Properties of the container beyond the common ones. */
  container(versions: AssetVersion[]): Record<string, unknown>;
}

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
