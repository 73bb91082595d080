import { parse } from 'yaml';

import { mfeFault } from '../http/fault.js';
import { invalidFields } from '../http/invalid.js';
import { commonProperties, type Kind } from './kind.js';

/** Environments: a PUT is always answered 201, and a conda file comes back as indented JSON. */
export const environments: Kind = {
  segment: 'environments',
  noun: 'an environment',
  containerModel: 'EnvironmentContainer',
  versionModel: 'EnvironmentVersion',
  statusOfExisting: 201,
  replaces: true,
  read(_world, properties) {
    const anonymous = properties['isAnonymous'] === true;
    return {
      ...commonProperties(properties),
      environmentType: 'UserCreated',
      ...(properties['build'] === undefined || properties['build'] === null ? {} : { build: properties['build'] }),
      image: properties['image'] ?? null,
      condaFile: condaAsJson(properties['condaFile']),
      osType: properties['osType'] ?? 'Linux',
      autoRebuild: properties['autoRebuild'] ?? 'Disabled',
      stage: properties['stage'] ?? (anonymous ? 'Logged' : 'Development'),
    };
  },
  missingVersion: (_world, name, version) => missing(name, version),
  missingContainer: (name) => missing(name, ''),
  container: () => ({}),
};

function missing(name: string, version: string): ReturnType<typeof mfeFault> {
  const message = `No environment exists for name: ${name}, version: ${version}, label: `;
  return mfeFault(404, { message, inner: ['NotFoundError'] });
}

function condaAsJson(text: unknown): string {
  if (typeof text !== 'string' || text === '') return '';
  try {
    return JSON.stringify(parse(text), null, 2);
  } catch (error) {
    throw invalidFields([`properties.condaFile is no YAML: ${(error as Error).message}`]);
  }
}
