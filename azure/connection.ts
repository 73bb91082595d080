import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates } from 'node:tls';
import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import {
  type PipelineRequest,
  type PipelineResponse,
  createDefaultHttpClient,
  createPipelineFromOptions,
} from '@azure/core-rest-pipeline';
import { ClientSecretCredential, DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import { BlobServiceClient, type StoragePipelineOptions, newPipeline } from '@azure/storage-blob';
import type { AzureTarget } from '../domain/config.js';
import { type Allowance, allowanceOf } from './allowance/allowance.js';
import { allowancePolicy } from './allowance/policy.js';
import { BlobContainer } from './blob.js';
import { type Cloud, blobEndpoint, resolveCloud } from './clouds.js';
import { sendSourceConditions } from './copy/condition.js';
import { AzureError } from './errors.js';

/**
 * One signed-in connection to a workspace and its storage. Tokens are cached in the credential: make one per process and target.
 * Retries are few: Temporal repeats whole activities with longer patience.
 */
export interface AzureConnection {
  readonly target: AzureTarget;
  readonly cloud: Cloud;
  readonly ml: AzureMachineLearningWorkspaces;
  /** What Azure Resource Manager lets this process ask; shared by all connections of a subscription. */
  readonly allowance: Allowance;
  /** Options for clients made from a URL that carries its own SAS. */
  readonly sasOptions: StoragePipelineOptions;
  /** What clients of Blob storage are made with. */
  readonly storage: { readonly credential: TokenCredential; readonly options: StoragePipelineOptions };
  container(account: string, container: string): BlobContainer;
  /** Sends a request that carries no token, to what is public. */
  withoutSignIn(request: PipelineRequest): Promise<PipelineResponse>;
}

export function connectAzure(target: AzureTarget): AzureConnection {
  const cloud = resolveCloud(target.cloud);
  const tls = cloud.caFile === undefined ? {} : { tlsOptions: trusting(readWhole(cloud.caFile, 'caFile', cloud)) };
  const credential = signIn(cloud, tls);
  const ml = new AzureMachineLearningWorkspaces(credential, target.subscriptionId, {
    endpoint: cloud.resourceManager,
    credentialScopes: `${cloud.audience}/.default`,
    retryOptions: { maxRetries: 1 },
    ...tls,
  });
  const allowance = allowanceOf(JSON.stringify([cloud, target.subscriptionId]));
  // Behind the retries, so that each try takes a token.
  ml.pipeline.addPolicy(allowancePolicy(allowance, cloud.resourceManager), { afterPhase: 'Retry' });
  const sasOptions: StoragePipelineOptions = { retryOptions: { maxTries: 2 }, ...tls };
  const plain = createPipelineFromOptions({ retryOptions: { maxRetries: 1 }, ...tls });
  const http = createDefaultHttpClient();
  const services = new Map<string, BlobServiceClient>();
  return {
    target,
    cloud,
    ml,
    allowance,
    sasOptions,
    storage: { credential, options: sasOptions },
    container(account, container) {
      const service = services.get(account) ?? blobService(blobEndpoint(cloud, account), credential, sasOptions);
      services.set(account, service);
      return new BlobContainer(service, account, container);
    },
    withoutSignIn: (request) => plain.sendRequest(http, request),
  };
}

function blobService(url: string, credential: TokenCredential, options: StoragePipelineOptions): BlobServiceClient {
  const pipeline = newPipeline(credential, options);
  sendSourceConditions(pipeline);
  return new BlobServiceClient(url, pipeline);
}

/** One store of certificates for all connections: read anew for each, the 150 usual ones cost 5 MB and some 10 ms every time. */
function trusting(authority: string): object {
  return { secureContext: createSecureContext({ ca: [...rootCertificates, authority].join('\n') }) };
}

function signIn(cloud: Cloud, tls: object): TokenCredential {
  const authority = { authorityHost: cloud.authority, disableInstanceDiscovery: !cloud.instanceDiscovery, ...tls };
  if (cloud.credential === undefined) return new DefaultAzureCredential(authority);
  const { tenantId, clientId, clientSecretFile } = cloud.credential;
  const secret = readWhole(clientSecretFile, 'credential.clientSecretFile', cloud).trim();
  return new ClientSecretCredential(tenantId, clientId, secret, { ...authority, retryOptions: { maxRetries: 1 } });
}

function readWhole(file: string, field: string, cloud: Cloud): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AzureError('permanent', `${field} of cloud "${cloud.name}" cannot be read: ${file}`, { cause });
  }
}
