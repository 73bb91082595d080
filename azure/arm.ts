import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { AzureConnection } from './connection.js';
import { AzureError, calling, fromStatus } from './errors.js';

/** API version of the requests below, which the SDK (2022-10-01) cannot make or makes with loss. */
const API_VERSION = '2023-10-01';

export interface ArmAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** ARM id of the workspace of a connection. */
export function workspaceId(azure: AzureConnection): string {
  const { subscriptionId, resourceGroup, workspace } = azure.target;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`;
}

/**
 * One raw request below the workspace through the SDK's own pipeline (its authentication, retries and user agent).
 * Raw, because the serializer of @azure/arm-machinelearning 2.1.1 drops `uri` and `mode` of job inputs and outputs (Azure/azure-sdk-for-js#29328).
 * @throws AzureError unless the status is 2xx or listed in `expected`
 */
export async function armRequest(
  azure: AzureConnection,
  method: 'GET' | 'PUT' | 'POST',
  path: string,
  options: { body?: unknown; query?: Record<string, string>; expected?: readonly number[]; signal?: AbortSignal } = {},
): Promise<ArmAnswer> {
  const query = new URLSearchParams({ 'api-version': API_VERSION, ...options.query });
  return send(azure, method, `${azure.cloud.resourceManager}${workspaceId(azure)}${path}?${query.toString()}`, options);
}

/** One raw request to an absolute URL (the region's data plane) with the same sign-in. */
export async function send(
  azure: AzureConnection,
  method: 'GET' | 'PUT' | 'POST',
  url: string,
  options: { body?: unknown; expected?: readonly number[]; signal?: AbortSignal } = {},
): Promise<ArmAnswer> {
  const what = `${method} ${new URL(url).pathname.split('/').slice(-2).join('/')}`;
  const request = createPipelineRequest({
    method,
    url,
    headers: createHttpHeaders({ 'content-type': 'application/json', accept: 'application/json' }),
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.signal === undefined ? {} : { abortSignal: options.signal }),
  });
  const answer = await calling(what, () => azure.ml.sendRequest(request));
  const body = parse(answer.bodyAsText);
  const fine = (answer.status >= 200 && answer.status < 300) || options.expected?.includes(answer.status) === true;
  if (!fine) throw fromStatus(what, answer.status, errorMessage(body) ?? answer.bodyAsText ?? 'no body');
  return { status: answer.status, body };
}

/** `error.message` of an Azure answer, with its code; null where there is none (some 404s have no body, some 5xx are HTML). */
export function errorMessage(body: unknown): string | null {
  const error = (body as { error?: { code?: string; message?: string } } | null)?.error;
  return error?.message === undefined ? null : `${error.code ?? 'Error'}: ${error.message}`;
}

/** True where a PUT was refused because the name exists with other immutable properties. */
export function nameIsTaken(answer: ArmAnswer): boolean {
  return answer.status === 409 || JSON.stringify(answer.body ?? '').includes('JobPropertyImmutable');
}

function parse(text: string | null | undefined): unknown {
  if (text === null || text === undefined || text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function asRecord(value: unknown, what: string): Record<string, unknown> {
  if (value === null || typeof value !== 'object') throw new AzureError('transient', `${what} answered without a JSON object`);
  return value as Record<string, unknown>;
}
