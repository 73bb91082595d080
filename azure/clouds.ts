import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AzureError } from './errors.js';

const cloudSchema = z.strictObject({
  resourceManager: z.url().describe('Azure Resource Manager.'),
  audience: z.url().describe('Audience of its tokens.'),
  authority: z.url().describe('Microsoft Entra authority.'),
  storage: z.string().describe('Blob endpoint; {account} is replaced.'),
  retailPrices: z
    .url()
    .nullable()
    .default(null)
    .describe('Public price list (Azure Retail Prices API); null where the cloud has none.'),
  caFile: z.string().optional().describe('PEM file with a certificate authority to trust beside the usual ones.'),
  instanceDiscovery: z
    .boolean()
    .default(true)
    .describe('False for an authority that the public instance discovery does not know (private clouds).'),
  credential: z
    .strictObject({ tenantId: z.string(), clientId: z.string(), clientSecretFile: z.string() })
    .optional()
    .describe('Service principal to sign in with; absent: what the environment offers (DefaultAzureCredential).'),
});

/** Endpoints of a cloud, as `az cloud` knows them. */
export type Cloud = z.output<typeof cloudSchema> & { readonly name: string };

const publicClouds: Record<string, z.input<typeof cloudSchema>> = {
  AzureCloud: {
    resourceManager: 'https://management.azure.com',
    audience: 'https://management.azure.com',
    authority: 'https://login.microsoftonline.com',
    storage: 'https://{account}.blob.core.windows.net',
    retailPrices: 'https://prices.azure.com',
  },
  AzureUSGovernment: {
    resourceManager: 'https://management.usgovcloudapi.net',
    audience: 'https://management.usgovcloudapi.net',
    authority: 'https://login.microsoftonline.us',
    storage: 'https://{account}.blob.core.usgovcloudapi.net',
  },
  AzureChinaCloud: {
    resourceManager: 'https://management.chinacloudapi.cn',
    audience: 'https://management.chinacloudapi.cn',
    authority: 'https://login.chinacloudapi.cn',
    storage: 'https://{account}.blob.core.chinacloudapi.cn',
  },
};

/**
 * Endpoints of a cloud by its name: one of Azure's, or `<name>.cloud.json` in `BERTHA_CLOUDS_DIR` (private clouds, stacks for rehearsal).
 * Read at each connection, so a run survives a cloud whose ports have changed.
 */
export function resolveCloud(name: string, directory: string | undefined = process.env['BERTHA_CLOUDS_DIR']): Cloud {
  const known = publicClouds[name];
  if (known !== undefined) return { ...cloudSchema.parse(known), name };
  if (directory === undefined) {
    throw new AzureError(
      'permanent',
      `azure.cloud "${name}" is none of ${Object.keys(publicClouds).join(', ')}, and BERTHA_CLOUDS_DIR, where cloud files lie, is not set`,
    );
  }
  const file = join(directory, `${name}.cloud.json`);
  try {
    return { ...cloudSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), name };
  } catch (cause) {
    throw new AzureError('permanent', `the file of cloud "${name}" cannot be read (${file}): is that stack up?`, {
      cause,
    });
  }
}

export const blobEndpoint = (cloud: Cloud, account: string) => cloud.storage.replace('{account}', account);
