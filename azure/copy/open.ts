import {
  AnonymousCredential,
  BlobServiceClient,
  ContainerClient,
  StorageRetryPolicyType,
  newPipeline,
} from '@azure/storage-blob';
import type { AzureConnection } from '../connection.js';
import { blobEndpoint } from '../clouds.js';
import { type Clock, realClock } from './clock.js';
import { sendSourceConditions } from './condition.js';
import { Pacer } from './pacer.js';
import type { CopySource } from './source.js';
import { blobSource } from './sources/blob.js';
import { asPublic, byDelegation, byIdentity, bySas } from './sources/entries.js';
import { folderSource } from './sources/folder.js';
import { httpsSource } from './sources/https.js';
import { namedSas } from './sources/named-sas.js';
import { CopyTarget } from './target.js';

/** Requests to one account at once, of all copies of this process. */
const REQUESTS_AT_ONCE = 32;
/** Blocks in memory at once, where the bytes go through this process. */
const CARRIED_AT_ONCE = 4;

/** Where prepared shards lie. Names only, never a secret. */
export type SourceWords =
  | { readonly account: string; readonly container: string; readonly access: 'delegation' | 'identity' | 'public' }
  | { readonly account: string; readonly container: string; readonly sasEnv: string }
  | { readonly folder: string }
  | { readonly url: string };

/** Opens a container to copy into. */
export function openTarget(azure: AzureConnection, account: string, container: string): CopyTarget {
  const { credential, options } = azure.storage;
  // Tries are counted by the copy: the SDK's own would repeat a 503 at once and know nothing of the others.
  const once = { maxTries: 1, retryPolicyType: StorageRetryPolicyType.FIXED };
  const pipeline = newPipeline(credential, { ...options, retryOptions: once });
  sendSourceConditions(pipeline);
  const service = new BlobServiceClient(blobEndpoint(azure.cloud, account), pipeline);
  return new CopyTarget(service.getContainerClient(container));
}

/** Opens what is copied from. */
export function openSource(azure: AzureConnection, words: SourceWords, clock: Clock = realClock): CopySource {
  if ('folder' in words) return folderSource(words.folder);
  if ('url' in words) return httpsSource(words.url, (request) => azure.withoutSignIn(request));
  const { account, container } = words;
  const { credential, options } = azure.storage;
  const endpoint = blobEndpoint(azure.cloud, account);
  const url = `${endpoint}/${container}`;
  if ('sasEnv' in words) {
    const sas = () => namedSas(words.sasEnv, clock.now());
    return blobSource(
      url,
      () => new ContainerClient(`${url}?${sas()}`, new AnonymousCredential(), options),
      bySas(sas),
    );
  }
  if (words.access === 'public') {
    const anybody = new ContainerClient(url, new AnonymousCredential(), options);
    return blobSource(url, () => anybody, asPublic());
  }
  const service = new BlobServiceClient(endpoint, credential, options);
  const entry = words.access === 'identity' ? byIdentity(credential) : byDelegation(service, words, clock);
  const ours = service.getContainerClient(container);
  return blobSource(url, () => ours, entry);
}

const pacers = new WeakMap<AzureConnection, Map<string, Pacer>>();

/** The pace of an account, shared by all copies of this process that write there. */
export function pacerOf(azure: AzureConnection, account: string, clock: Clock = realClock): Pacer {
  const known = pacers.get(azure) ?? new Map<string, Pacer>();
  pacers.set(azure, known);
  const pacer = known.get(account) ?? new Pacer(REQUESTS_AT_ONCE, clock);
  known.set(account, pacer);
  return pacer;
}

export const newCarrying = (clock: Clock = realClock) => new Pacer(CARRIED_AT_ONCE, clock);
