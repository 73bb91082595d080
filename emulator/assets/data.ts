import { mfeFault } from '../http/fault.js';
import { invalidFields } from '../http/invalid.js';
import type { World } from '../world.js';
import { commonProperties, type Kind } from './kind.js';

/** Data assets: their address is spelled out in full, and a folder's ends in a slash. */
export const data: Kind = {
  segment: 'data',
  noun: 'a data asset',
  containerModel: 'DataContainer',
  versionModel: 'DataVersionBase',
  statusOfExisting: 200,
  replaces: true,
  read(world, properties) {
    if (typeof properties['dataUri'] !== 'string') throw invalidFields(['properties.dataUri is missing.']);
    const dataType = properties['dataType'] ?? 'uri_folder';
    const dataUri = inFull(world, properties['dataUri']);
    const needsSlash = dataType === 'uri_folder' && !dataUri.endsWith('/');
    return { ...commonProperties(properties), dataUri: needsSlash ? `${dataUri}/` : dataUri, dataType };
  },
  missingVersion: (_world, name, version) =>
    mfeFault(404, {
      message: `Data version ${name}:${version} (dataContainerName:version) not found.`,
      inner: ['NotFoundError'],
    }),
  missingContainer: (name) => mfeFault(404, { message: `${name} container was not found.`, inner: ['NotFoundError'] }),
  container: (versions) => ({ dataType: versions.at(-1)?.properties['dataType'] ?? 'uri_folder' }),
};

function inFull(world: World, uri: string): string {
  const { subscription, resourceGroup, workspace } = world.options;
  const scope = `azureml://subscriptions/${subscription}/resourcegroups/${resourceGroup}/workspaces/${workspace}/datastores/`;
  return uri.replace(/^azureml:\/\/datastores\//, scope);
}
