/** What stands behind a host name of Azure. */
export type AzureHost =
  | { plane: 'arm' | 'login' | 'data' | 'prices' }
  /** Blob storage of an account. */
  | { plane: 'blob'; account: string };

const LOGIN = ['login.microsoftonline.com', 'login.microsoft.com', 'login.windows.net', 'sts.windows.net'];
const DATA = /^[a-z0-9-]+\.api\.azureml\.ms$/;
// Azure's rule for names of storage accounts.
const BLOB = /^([a-z0-9]{3,24})(?:-secondary)?\.blob\.core\.windows\.net$/;

/**
 * What a host name of Azure stands for.
 *
 * @param name as written by the client, with or without a port
 * @returns undefined for every name that the emulator does not answer for
 */
export function azureHost(name: string): AzureHost | undefined {
  const host = name.toLowerCase().replace(/:\d+$/, '');
  if (host === 'management.azure.com') return { plane: 'arm' };
  if (host === 'prices.azure.com') return { plane: 'prices' };
  if (LOGIN.includes(host)) return { plane: 'login' };
  if (DATA.test(host)) return { plane: 'data' };
  const account = BLOB.exec(host)?.[1];
  return account === undefined ? undefined : { plane: 'blob', account };
}
