import { z } from 'zod';

import type { Cluster } from '../entities/cluster.js';
import { mfeFault } from '../http/fault.js';
import { invalidFields, invalidRequest, notEmulated } from '../http/invalid.js';
import { findSize } from '../locations/sizes.js';

const scaleSettings = z.object({
  minNodeCount: z.number().int().min(0).nullish(),
  maxNodeCount: z.number().int().min(0).nullish(),
  nodeIdleTimeBeforeScaleDown: z.string().nullish(),
});

const putBody = z.object({
  location: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  identity: z.looseObject({}).nullish(),
  properties: z.object({
    computeType: z.string(),
    description: z.string().nullish(),
    properties: z
      .object({
        vmSize: z.string(),
        vmPriority: z.enum(['Dedicated', 'LowPriority']).nullish(),
        scaleSettings: scaleSettings.nullish(),
        osType: z.string().nullish(),
        remoteLoginPortPublicAccess: z.string().nullish(),
        enableNodePublicIp: z.boolean().nullish(),
        isolatedNetwork: z.boolean().nullish(),
        subnet: z.looseObject({}).nullish(),
      })
      .nullish(),
  }),
});

const patchBody = z.object({ properties: z.object({ properties: z.object({ scaleSettings: scaleSettings }) }) });

/** The settings of a cluster that a PUT names. */
export type Wanted = Pick<
  Cluster,
  | 'tags'
  | 'identity'
  | 'description'
  | 'vmSize'
  | 'vmPriority'
  | 'minNodes'
  | 'maxNodes'
  | 'idleTime'
  | 'osType'
  | 'remoteLogin'
  | 'enableNodePublicIp'
  | 'subnet'
  | 'isolatedNetwork'
>;

/**
 * Reads the body of a compute PUT.
 *
 * @throws Fault 400 for a body that is not an AmlCompute or an unknown size; 501 for other compute types
 */
export function readCompute(body: unknown): Wanted {
  const parsed = putBody.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { properties, tags, identity } = parsed.data;
  if (properties.computeType !== 'AmlCompute') {
    throw notEmulated(`computes of type ${properties.computeType}, only AmlCompute`);
  }
  const settings = properties.properties;
  if (settings === null || settings === undefined)
    throw invalidFields(['properties.properties with vmSize is missing.']);
  checkSize(settings.vmSize);
  return {
    tags: tags ?? null,
    identity: identity ?? null,
    description: properties.description ?? null,
    vmSize: settings.vmSize,
    vmPriority: settings.vmPriority ?? null,
    minNodes: settings.scaleSettings?.minNodeCount ?? 0,
    maxNodes: settings.scaleSettings?.maxNodeCount ?? 1,
    idleTime: settings.scaleSettings?.nodeIdleTimeBeforeScaleDown ?? null,
    osType: settings.osType ?? 'Linux',
    remoteLogin: settings.remoteLoginPortPublicAccess ?? 'NotSpecified',
    enableNodePublicIp: settings.enableNodePublicIp ?? true,
    subnet: settings.subnet ?? null,
    isolatedNetwork: settings.isolatedNetwork ?? false,
  };
}

/** Reads the scale settings of a compute PATCH; what it does not name is absent. @throws Fault 400 */
export function readScale(body: unknown): Partial<Pick<Wanted, 'minNodes' | 'maxNodes' | 'idleTime'>> {
  const parsed = patchBody.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { minNodeCount, maxNodeCount, nodeIdleTimeBeforeScaleDown } = parsed.data.properties.properties.scaleSettings;
  return {
    ...(minNodeCount === undefined || minNodeCount === null ? {} : { minNodes: minNodeCount }),
    ...(maxNodeCount === undefined || maxNodeCount === null ? {} : { maxNodes: maxNodeCount }),
    ...(nodeIdleTimeBeforeScaleDown === undefined || nodeIdleTimeBeforeScaleDown === null
      ? {}
      : { idleTime: nodeIdleTimeBeforeScaleDown }),
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
