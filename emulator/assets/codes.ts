import { mfeFault } from '../http/fault.js';
import { invalidFields } from '../http/invalid.js';
import { PLAIN_CONTAINER, commonProperties, type Kind } from './kind.js';

/** Code assets: immutable, found again by hash, always answered as not anonymous. */
export const codes: Kind = {
  segment: 'codes',
  noun: 'a code asset',
  versionModel: 'CodeVersion',
  containerModel: 'CodeContainer',
  statusOfExisting: 200,
  replaces: false,
  firstModifier: 'person',
  read(_world, properties) {
    if (typeof properties['codeUri'] !== 'string') throw invalidFields(['properties.codeUri is missing.']);
    return {
      ...commonProperties(properties),
      isAnonymous: false,
      codeUri: properties['codeUri'],
      provisioningState: 'Succeeded',
    };
  },
  missingVersion: (_world, name, version) =>
    mfeFault(404, { message: `Code version ${name}:${version} not found.`, inner: ['NotFoundError'] }),
  missingContainer: (name) => mfeFault(404, { message: `${name} container was not found.`, inner: ['NotFoundError'] }),
  containerBefore: PLAIN_CONTAINER,
  containerAfter: () => ({ provisioningState: 'Succeeded' }),
};
