import { z } from 'zod';

const text = z.string();
const principal = {
  tenantId: text,
  clientId: text,
  authorityUrl: text.nullish(),
  resourceUrl: text.nullish(),
};

const given = z.discriminatedUnion('credentialsType', [
  z.object({ credentialsType: z.literal('AccountKey'), secrets: z.object({ key: text }) }),
  z.object({ credentialsType: z.literal('Sas'), secrets: z.object({ sasToken: text }) }),
  z.object({
    credentialsType: z.literal('ServicePrincipal'),
    ...principal,
    secrets: z.object({ clientSecret: text }),
  }),
  z.object({
    credentialsType: z.literal('Certificate'),
    ...principal,
    thumbprint: text,
    secrets: z.object({ certificate: text }),
  }),
  z.object({ credentialsType: z.literal('None') }),
]);

/** Credentials of a datastore PUT, parted into what is shown again and what only listSecrets tells. */
export const credentials = given.transform((all) => {
  const { credentialsType } = all;
  const secrets = 'secrets' in all ? { secretsType: credentialsType, ...all.secrets } : null;
  return { secrets, shown: { ...shownOf(all), credentialsType } };
});

// Defaults as Microsoft's deployment templates state them; no recording holds credentials of a principal.
function shownOf(all: z.infer<typeof given>): Record<string, string> {
  if (all.credentialsType !== 'ServicePrincipal' && all.credentialsType !== 'Certificate') return {};
  return {
    authorityUrl: all.authorityUrl ?? 'https://login.microsoftonline.com',
    resourceUrl: all.resourceUrl ?? 'https://storage.azure.com/',
    tenantId: all.tenantId,
    clientId: all.clientId,
    ...(all.credentialsType === 'Certificate' ? { thumbprint: all.thumbprint } : {}),
  };
}
