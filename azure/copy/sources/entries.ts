import {
  BlobSASPermissions,
  type BlobServiceClient,
  generateBlobSASQueryParameters,
  type UserDelegationKey,
} from '@azure/storage-blob';
import type { TokenCredential } from '@azure/identity';
import { AzureError, calling } from '../../errors.js';
import type { Clock } from '../clock.js';
import type { Entry } from './blob.js';

const MINUTE_MS = 60_000;
const KEY_MS = 60 * MINUTE_MS;
/** A signature lives so long, and is made anew for each request: a copy of days never carries an old one. */
const SIGNATURE_MS = 15 * MINUTE_MS;
/** Clocks of two machines may differ by so much. */
const SKEW_MS = 5 * MINUTE_MS;

/** By signatures that this process makes with a key of the source account's service: needs no key of the account, and no public access. */
export function byDelegation(
  service: BlobServiceClient,
  place: { account: string; container: string },
  clock: Clock,
): Entry {
  let key: { value: UserDelegationKey; until: number } | null = null;
  const freshKey = async () => {
    const now = clock.now();
    if (key !== null && now < key.until - SIGNATURE_MS - SKEW_MS) return key;
    const [from, until] = [now - SKEW_MS, now + KEY_MS];
    const asking = () => service.getUserDelegationKey(new Date(from), new Date(until));
    const value = await calling(`asking for a user delegation key of ${place.account}`, asking);
    key = { value, until };
    return key;
  };
  return {
    async access(url, path) {
      const { value } = await freshKey();
      const now = clock.now();
      const signed = generateBlobSASQueryParameters(
        {
          containerName: place.container,
          blobName: path,
          permissions: BlobSASPermissions.parse('r'),
          startsOn: new Date(now - SKEW_MS),
          expiresOn: new Date(now + SIGNATURE_MS),
        },
        value,
        place.account,
      );
      return { url: `${url}?${signed.toString()}` };
    },
    renew: () => (key = null),
  };
}

/** By a token of our own identity, which the service shows at the source (x-ms-copy-source-authorization). */
export function byIdentity(credential: TokenCredential): Entry {
  return {
    async access(url, _path, signal) {
      const asking = () => credential.getToken('https://storage.azure.com/.default', { abortSignal: signal });
      const token = await calling('asking for a token for the source', asking);
      if (token === null) throw new AzureError('unauthorized', 'there is no identity to read the source with');
      return { url, bearer: token.token };
    },
    // The credential keeps a token until it is old; there is no other to be had before.
    renew: () => undefined,
  };
}

/** By a SAS that somebody made. @param sas reads it, anew each time */
export function bySas(sas: () => string): Entry {
  return { access: (url) => Promise.resolve({ url: `${url}?${sas()}` }), renew: () => undefined };
}

/** By nothing: everybody may read it. */
export function asPublic(): Entry {
  return { access: (url) => Promise.resolve({ url }), renew: () => undefined };
}
