import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Allowance, Operation } from './allowance.js';

/** Where a 429 names no time. */
const REFUSED_SECONDS = 10;

/** Holds each request to Azure Resource Manager until its token is there, and hears what the answers say of those that are left. */
export const allowancePolicy = (allowance: Allowance, resourceManager: string): PipelinePolicy => ({
  name: 'allowance',
  async sendRequest(request, next) {
    // The region's data plane, reached through the same pipeline, counts by itself.
    if (!request.url.startsWith(`${resourceManager}/subscriptions/`)) return next(request);
    const operation = operationOf(request);
    const seconds = allowance.take(operation, Date.now());
    if (seconds > 0)
      await sleep(seconds * 1000, undefined, request.abortSignal ? { signal: request.abortSignal as AbortSignal } : {});
    const answer = await next(request);
    hear(allowance, operation, answer);
    return answer;
  },
});

function operationOf({ method }: PipelineRequest): Operation {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}

function hear(allowance: Allowance, operation: Operation, { status, headers }: PipelineResponse): void {
  const left = Number(headers.get(`x-ms-ratelimit-remaining-subscription-${operation}`) ?? NaN);
  if (Number.isFinite(left)) allowance.told(operation, left, Date.now());
  // Azure Machine Learning refuses with 429 too, by limits of its own; they too are about asking less.
  if (status === 429)
    allowance.refused(operation, Number(headers.get('retry-after') ?? NaN) || REFUSED_SECONDS, Date.now());
}
