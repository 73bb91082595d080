import { z } from 'zod';

import type { Workspace } from '../entities/workspace.js';
import { invalidRequest } from '../http/invalid.js';

const text = z.string().nullish();

const body = z.object({
  tags: z.record(z.string(), z.string().nullable()).nullish(),
  identity: z.object({ type: z.string(), userAssignedIdentities: z.looseObject({}).nullish() }).nullish(),
  properties: z
    .object({
      friendlyName: text,
      description: text,
      applicationInsights: text,
      containerRegistry: text,
      imageBuildCompute: text,
      publicNetworkAccess: text,
      primaryUserAssignedIdentity: text,
      v1LegacyMode: z.boolean().nullish(),
      enableDataIsolation: z.boolean().nullish(),
    })
    .nullish(),
});

/** Reads the body of a workspace PATCH into what changes: tags and identity are replaced, of properties those that are named. @throws Fault 400 */
export function readWorkspaceChanges(given: unknown): Partial<Workspace> {
  const parsed = body.safeParse(given ?? {});
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { tags, identity, properties } = parsed.data;
  const named = Object.entries(properties ?? {}).filter(([, value]) => value !== null && value !== undefined);
  const users = identity?.userAssignedIdentities;
  return {
    ...(tags == null ? {} : { tags }),
    ...(identity == null
      ? {}
      : { identity: { type: identity.type, ...(users == null ? {} : { userAssignedIdentities: users }) } }),
    ...(Object.fromEntries(named) as Partial<Workspace>),
  };
}
