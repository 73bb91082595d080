import type { AssetVersion } from '../entities/asset.js';
import { mfeFault } from '../http/fault.js';
import { invalidFields } from '../http/invalid.js';
import type { World } from '../world.js';
import { commonProperties, type Kind } from './kind.js';

const TYPES = ['uri_file', 'uri_folder', 'mltable'];

/** Members that are answered only where they were sent; other kinds of assets answer them with null. */
const OPTIONAL = ['referencedUris', 'autoDeleteSetting', 'intellectualProperty', 'stage'] as const;

/** Data assets: their address is spelled out in full, and that of a folder or table ends in a slash. */
export const data: Kind = {
  segment: 'data',
  noun: 'a data asset',
  versionModel: 'DataVersionBase',
  containerModel: 'DataContainer',
  statusOfExisting: 200,
  replaces: true,
  // Recorded 610 times: a version says who changed it only after somebody did.
  firstModifier: null,
  read(world, properties) {
    const { dataUri, dataType = 'uri_folder' } = properties;
    if (typeof dataUri !== 'string') throw invalidFields(['properties.dataUri is missing.']);
    if (!TYPES.includes(String(dataType)))
      throw invalidFields([`properties.dataType: "${String(dataType)}" is none of ${TYPES.join(', ')}.`]);
    const address = inFull(world, dataUri);
    const needsSlash = dataType !== 'uri_file' && !address.endsWith('/');
    return {
      ...commonProperties(properties),
      tags: properties['tags'] ?? null,
      properties: properties['properties'] ?? null,
      dataUri: needsSlash ? `${address}/` : address,
      dataType,
      ...Object.fromEntries(
        OPTIONAL.filter((name) => properties[name] != null).map((name) => [name, properties[name]]),
      ),
    };
  },
  // The list writes addresses by the workspace's GUID, and free properties as an empty map.
  listed: ({ world }, { properties }) => ({
    ...properties,
    properties: properties['properties'] ?? {},
    dataUri: byGuid(world, String(properties['dataUri'])),
  }),
  missingVersion: (_world, name, version) =>
    mfeFault(404, {
      message: `Data version ${name}:${version} (dataContainerName:version) not found.`,
      inner: ['NotFoundError'],
    }),
  missingContainer: (name) => mfeFault(404, { message: `${name} container was not found.`, inner: ['NotFoundError'] }),
  containerBefore: { description: null, tags: null, properties: null },
  containerAfter: (versions: AssetVersion[]) => ({ dataType: versions.at(-1)?.properties['dataType'] ?? 'uri_folder' }),
};

function inFull(world: World, uri: string): string {
  return uri.replace(/^azureml:\/\/datastores\//, scope(world));
}

function byGuid(world: World, uri: string): string {
  return uri.replace(scope(world), `azureml://workspaces/${world.workspaceId}/datastores/`);
}

function scope(world: World): string {
  const { subscription, resourceGroup, workspace } = world.options;
  return `azureml://subscriptions/${subscription}/resourcegroups/${resourceGroup}/workspaces/${workspace}/datastores/`;
}
