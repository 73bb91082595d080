import { mfeFault } from '../http/fault.js';
import { invalidFields } from '../http/invalid.js';
import type { World } from '../world.js';
import { PLAIN_CONTAINER, commonProperties, type Kind } from './kind.js';

/** Models. */
export const models: Kind = {
  segment: 'models',
  noun: 'a model',
  versionModel: 'ModelVersion',
  containerModel: 'ModelContainer',
  statusOfExisting: 200,
  replaces: true,
  firstModifier: 'person',
  read(_world, properties) {
    if (typeof properties['modelUri'] !== 'string') throw invalidFields(['properties.modelUri is missing.']);
    return {
      ...commonProperties(properties),
      autoDeleteSetting: properties['autoDeleteSetting'] ?? null,
      flavors: properties['flavors'] ?? {},
      modelType: properties['modelType'] ?? 'custom_model',
      modelUri: properties['modelUri'].replace('/resourcegroups/', '/resourceGroups/'),
      jobName: properties['jobName'] ?? null,
      provisioningState: 'Succeeded',
      stage: properties['stage'] ?? 'Development',
      intellectualProperty: null,
    };
  },
  missingVersion: (world, name, version) => missing('NoSuchModelRegistered', notRegistered(world, name, version)),
  missingContainer: (name) => missing('ModelNotFound', `Model container with name: ${name} not found.`),
  containerBefore: PLAIN_CONTAINER,
  containerAfter: () => ({ provisioningState: 'Succeeded' }),
};

function missing(code: string, message: string): ReturnType<typeof mfeFault> {
  return mfeFault(404, { message: 'The specified resource was not found.', details: [{ code, message }] });
}

function notRegistered(world: World, name: string, version: string): string {
  const { subscription, resourceGroup, workspace } = world.options;
  return `There is no registered model in Account Subscription: ${subscription}, ResourceGroup: ${resourceGroup}, Workspace: ${workspace} with id ${name}:${version}`;
}
