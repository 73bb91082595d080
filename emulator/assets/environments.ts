import type { AssetVersion } from '../entities/asset.js';
import { mfeFault } from '../http/fault.js';
import { invalidFields } from '../http/invalid.js';
import type { Call } from '../http/route.js';
import { speaksSince } from '../versions/since.js';
import { condaAsJson } from './conda.js';
import { commonProperties, type Kind } from './kind.js';

// Recorded at 2024-04-01 by Azure PowerShell (New- and Get-AzMLWorkspaceEnvironmentVersion), never in 2022 and 2023.
const LABELS_SINCE = '2024';

/** Environments: a PUT is always answered 201, and a conda file comes back as indented JSON. */
export const environments: Kind = {
  segment: 'environments',
  noun: 'an environment',
  versionModel: 'EnvironmentVersion',
  containerModel: 'EnvironmentContainer',
  statusOfExisting: 201,
  replaces: true,
  firstModifier: 'person',
  read(_world, properties) {
    const anonymous = properties['isAnonymous'] === true;
    const { image, build } = properties;
    return {
      ...commonProperties(properties),
      autoDeleteSetting: properties['autoDeleteSetting'] ?? null,
      environmentType: 'UserCreated',
      ...(image == null ? {} : { image }),
      condaFile: condaAsJson(properties['condaFile']),
      ...(build == null ? {} : { build: withDockerfile(build) }),
      ...(properties['inferenceConfig'] == null ? {} : { inferenceConfig: properties['inferenceConfig'] }),
      osType: properties['osType'] ?? 'Linux',
      autoRebuild: properties['autoRebuild'] ?? 'Disabled',
      provisioningState: 'Succeeded',
      stage: properties['stage'] ?? (anonymous ? 'Logged' : 'Development'),
      intellectualProperty: null,
    };
  },
  shown: labelled,
  listed: labelled,
  missingVersion: (_world, name, version) => missing(name, version),
  missingContainer: (name) => missing(name, ''),
  containerBefore: { description: '', tags: {}, properties: {} },
  containerAfter: () => ({ provisioningState: 'Succeeded' }),
};

function labelled(call: Call, { properties }: AssetVersion, latest: boolean): Record<string, unknown> {
  const isLabelled = latest && properties['isAnonymous'] !== true && speaksSince(call, LABELS_SINCE);
  if (!isLabelled) return properties;
  return { ...properties, properties: { ...(properties['properties'] as object), 'azureml.labels': 'latest' } };
}

function withDockerfile(build: unknown): object {
  const { contextUri, dockerfilePath } = build as { contextUri?: unknown; dockerfilePath?: unknown };
  if (typeof contextUri !== 'string') throw invalidFields(['properties.build.contextUri is missing.']);
  return { contextUri, dockerfilePath: dockerfilePath ?? 'Dockerfile' };
}

function missing(name: string, version: string): ReturnType<typeof mfeFault> {
  const message = `No environment exists for name: ${name}, version: ${version}, label: `;
  return mfeFault(404, { message, inner: ['NotFoundError'] });
}
