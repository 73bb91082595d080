import { z } from 'zod';

import type { ClusterSettings } from '../entities/cluster.js';
import { mfeFault } from '../http/fault.js';
import { invalidFields, invalidRequest } from '../http/invalid.js';
import { findSize } from '../locations/sizes.js';

const text = z.string().nullish();

const scaleSettings = z.object({
  minNodeCount: z.number().int().min(0).nullish(),
  maxNodeCount: z.number().int().min(0).nullish(),
  nodeIdleTimeBeforeScaleDown: text,
});

const settings = z.object({
  vmSize: z.string(),
  vmPriority: z.enum(['Dedicated', 'LowPriority']).nullish(),
  scaleSettings: scaleSettings.nullish(),
  osType: text,
  remoteLoginPortPublicAccess: text,
  enableNodePublicIp: z.boolean().nullish(),
  isolatedNetwork: z.boolean().nullish(),
  subnet: z.looseObject({}).nullish(),
  virtualMachineImage: z.looseObject({}).nullish(),
  userAccountCredentials: z.object({ adminUserName: z.string(), adminUserSshPublicKey: text }).nullish(),
});

const putBody = z.object({
  location: text,
  tags: z.record(z.string(), z.string().nullable()).nullish(),
  identity: z.looseObject({}).nullish(),
  properties: z.object({
    description: text,
    computeLocation: text,
    disableLocalAuth: z.boolean().nullish(),
    properties: settings.nullish(),
  }),
});

const patchBody = z.object({ properties: z.object({ properties: z.object({ scaleSettings }) }) });

/** The settings of a cluster that a PUT names; where it lies and what its api-version lets it know is the caller's. */
export type Wanted = Omit<ClusterSettings, 'location' | 'enableBatchPrivateLink'> & { location: string | null };

/**
 * Reads the body of an AmlCompute's PUT.
 *
 * @throws Fault 400 for a body that is not one, or an unknown size
 */
export function readCluster(body: unknown): Wanted {
  const parsed = putBody.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { properties, tags, identity, location } = parsed.data;
  const wanted = properties.properties;
  if (wanted == null) throw invalidFields(['properties.properties with vmSize is missing.']);
  checkSize(wanted.vmSize);
  return {
    location: location ?? null,
    computeLocation: properties.computeLocation ?? null,
    tags: tags ?? null,
    identity: identity ?? null,
    description: properties.description ?? null,
    disableLocalAuth: properties.disableLocalAuth ?? false,
    ...readSettings(wanted),
  };
}

function readSettings(
  wanted: z.infer<typeof settings>,
): Omit<Wanted, 'location' | 'computeLocation' | 'tags' | 'identity' | 'description' | 'disableLocalAuth'> {
  const { userAccountCredentials: account, scaleSettings: scale } = wanted;
  return {
    vmSize: wanted.vmSize,
    vmPriority: wanted.vmPriority ?? null,
    minNodes: scale?.minNodeCount ?? 0,
    maxNodes: scale?.maxNodeCount ?? 1,
    idleTime: scale?.nodeIdleTimeBeforeScaleDown ?? null,
    osType: wanted.osType ?? null,
    remoteLogin: wanted.remoteLoginPortPublicAccess ?? 'NotSpecified',
    enableNodePublicIp: wanted.enableNodePublicIp ?? null,
    userAccount:
      account == null
        ? null
        : { adminUserName: account.adminUserName, adminUserSshPublicKey: account.adminUserSshPublicKey ?? null },
    virtualMachineImage: wanted.virtualMachineImage ?? null,
    subnet: wanted.subnet ?? null,
    isolatedNetwork: wanted.isolatedNetwork ?? false,
  };
}

/** Reads the scale settings of a compute PATCH; what it does not name is absent. @throws Fault 400 */
export function readScale(body: unknown): Partial<Pick<Wanted, 'minNodes' | 'maxNodes' | 'idleTime'>> {
  const parsed = patchBody.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { minNodeCount, maxNodeCount, nodeIdleTimeBeforeScaleDown } = parsed.data.properties.properties.scaleSettings;
  return {
    ...(minNodeCount == null ? {} : { minNodes: minNodeCount }),
    ...(maxNodeCount == null ? {} : { maxNodes: maxNodeCount }),
    ...(nodeIdleTimeBeforeScaleDown == null ? {} : { idleTime: nodeIdleTimeBeforeScaleDown }),
  };
}

// Not recorded; code and words are those that one subscription documented. Whether a size may be of low priority is not
// asked here: the cluster is made, and says it in its errors.
function checkSize(vmSize: string): void {
  if (findSize(vmSize) !== undefined) return;
  throw mfeFault(400, {
    message: `The specified VM size ${vmSize} is not a supported VM size in this region.`,
    inner: ['BadArgument', 'InvalidPropertyValue'],
  });
}
