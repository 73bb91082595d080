import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { type HttpClient, type PipelineRequest, createHttpHeaders } from '@azure/core-rest-pipeline';
import { Allowance } from '../../../azure/allowance/allowance.js';
import type { BlobContainer } from '../../../azure/blob.js';
import type { AzureConnection } from '../../../azure/connection.js';
import type { AzureTarget } from '../../../domain/config.js';
import type { World } from '../world/world.js';
import { type Answer, answer } from './arm.js';

const MANAGEMENT = 'https://management.invalid';

/** A connection to the simulated workspace of one run: the vendor's own client, whose requests are answered from the world. */
export function connectWorld(
  world: World,
  target: AzureTarget,
  container: BlobContainer,
  begin: () => number,
): AzureConnection {
  const httpClient: HttpClient = {
    sendRequest(request) {
      const { status, body } = respond(world, request, begin());
      const headers = createHttpHeaders({ 'content-type': 'application/json' });
      return Promise.resolve({ request, status, headers, bodyAsText: body === null ? '' : JSON.stringify(body) });
    },
  };
  const credential = {
    getToken: () => Promise.resolve({ token: 'none', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
  };
  const ml = new AzureMachineLearningWorkspaces(credential, target.subscriptionId, {
    endpoint: MANAGEMENT,
    retryOptions: { maxRetries: 0 },
    httpClient,
  });
  const cloud = {
    ...{ name: 'simulated', resourceManager: MANAGEMENT, audience: MANAGEMENT, authority: MANAGEMENT },
    ...{ storage: 'https://{account}.invalid', instanceDiscovery: false, retailPrices: null },
  };
  const withoutSignIn = () => Promise.reject(new Error('the simulated cloud has nothing public'));
  const storage = { credential, options: {} };
  const plain = { target, cloud, ml, allowance: new Allowance(), sasOptions: {}, storage };
  return { ...plain, container: () => container, withoutSignIn };
}

function respond(world: World, { method, url, body }: PipelineRequest, begin: number): Answer {
  if (world.azure.until > world.now) return DOWN[world.azure.how];
  return answer(
    world,
    method,
    new URL(url).pathname,
    typeof body === 'string' ? (JSON.parse(body) as unknown) : null,
    begin,
  );
}

const refusal = (status: number, code: string) => ({
  status,
  body: { error: { code, message: `${code} (simulated)` } },
});

const DOWN: Record<World['azure']['how'], Answer> = {
  error: refusal(503, 'ServiceUnavailable'),
  unauthorized: refusal(401, 'InvalidAuthenticationToken'),
  throttled: refusal(429, 'TooManyRequests'),
};
