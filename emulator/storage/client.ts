import { readFileSync } from 'node:fs';

import {
  BlobServiceClient,
  StorageSharedKeyCredential,
  type ContainerClient,
  type StoragePipelineOptions,
} from '@azure/storage-blob';

import type { BlobPlace } from './place.js';

// Storage that does not answer is told within seconds: a node that cannot save is worth knowing about.
const RETRY = { maxTries: 4, retryDelayInMs: 200, maxRetryDelayInMs: 2000 };

/** A client for the container of a place, by account key, over the given certificate authority. */
export function containerOf(place: Omit<BlobPlace, 'prefix'>): ContainerClient {
  const credential = new StorageSharedKeyCredential(place.account, place.key);
  // The storage client hands unknown pipeline options on to the core pipeline, which knows tlsOptions.
  const options = {
    retryOptions: RETRY,
    tlsOptions: { ca: readFileSync(place.caFile, 'utf8') },
  } as StoragePipelineOptions;
  return new BlobServiceClient(place.endpoint, credential, options).getContainerClient(place.container);
}
