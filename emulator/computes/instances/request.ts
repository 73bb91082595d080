import { z } from 'zod';

import type { Instance } from '../../entities/instance.js';
import { invalidRequest } from '../../http/invalid.js';

const text = z.string().nullish();
const anything = z.looseObject({}).nullish();

const body = z.object({
  location: text,
  tags: z.record(z.string(), z.string().nullable()).nullish(),
  identity: anything,
  properties: z.object({
    description: text,
    computeLocation: text,
    disableLocalAuth: z.boolean().nullish(),
    properties: z.object({
      vmSize: z.string(),
      subnet: anything,
      sshSettings: z.object({ sshPublicAccess: text }).nullish(),
      applicationSharingPolicy: text,
      computeInstanceAuthorizationType: text,
      personalComputeInstanceSettings: anything,
      setupScripts: anything,
      idleTimeBeforeShutdown: text,
      enableNodePublicIp: z.boolean().nullish(),
    }),
  }),
});

/** What a PUT says of an instance. */
export type WantedInstance = Pick<
  Instance,
  | 'computeLocation'
  | 'tags'
  | 'identity'
  | 'description'
  | 'disableLocalAuth'
  | 'vmSize'
  | 'subnet'
  | 'sshPublicAccess'
  | 'applicationSharingPolicy'
  | 'authorizationType'
  | 'personalSettings'
  | 'setupScripts'
  | 'idleTimeBeforeShutdown'
  | 'enableNodePublicIp'
> & { location: string | null };

/** Reads the body of a compute instance's PUT. @throws Fault 400 */
export function readInstance(given: unknown): WantedInstance {
  const parsed = body.safeParse(given);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { location, tags, identity, properties } = parsed.data;
  const inner = properties.properties;
  return {
    location: location ?? null,
    computeLocation: properties.computeLocation ?? null,
    tags: tags ?? null,
    identity: identity ?? null,
    description: properties.description ?? null,
    disableLocalAuth: properties.disableLocalAuth ?? false,
    vmSize: inner.vmSize,
    subnet: inner.subnet ?? null,
    sshPublicAccess: inner.sshSettings?.sshPublicAccess ?? 'Disabled',
    applicationSharingPolicy: inner.applicationSharingPolicy ?? 'Shared',
    authorizationType: inner.computeInstanceAuthorizationType ?? null,
    personalSettings: inner.personalComputeInstanceSettings ?? null,
    setupScripts: inner.setupScripts ?? null,
    idleTimeBeforeShutdown: inner.idleTimeBeforeShutdown ?? null,
    enableNodePublicIp: inner.enableNodePublicIp ?? true,
  };
}
