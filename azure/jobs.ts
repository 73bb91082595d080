import { z } from 'zod';
import type { AzureConnection } from './connection.js';
import { armRequest, asRecord, nameIsTaken, workspaceId } from './arm.js';
import { AzureError, calling, orNull } from './errors.js';

export interface JobInput {
  readonly kind: 'folder' | 'file';
  /** `azureml://datastores/<datastore>/paths/<path>` */
  readonly uri: string;
  readonly mode: 'Download' | 'ReadOnlyMount';
}

/** A distributed PyTorch command job in our words. */
export interface JobSpec {
  readonly name: string;
  readonly experiment: string;
  readonly displayName: string;
  readonly command: string;
  /** ARM ids. */
  readonly codeId: string;
  readonly environmentId: string;
  readonly cluster: string;
  readonly nodes: number;
  readonly processesPerNode: number;
  readonly inputs: Readonly<Record<string, JobInput>>;
  /** Output name → uri; mounted read-write. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Azure cancels the job when it has run so long; null for never. */
  readonly timeoutSeconds: number | null;
}

export interface Job {
  readonly name: string;
  /** Azure's word; an open set: an unknown one counts as not terminal. */
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A job with what it was submitted with. */
export interface SubmittedJob extends Job {
  /** Epoch milliseconds; null where Azure does not say. */
  readonly createdAt: number | null;
  /** Path of each input in its datastore. */
  readonly inputPaths: Readonly<Record<string, string>>;
}

export type Submission = 'created' | 'exists';

const TERMINAL = new Set(['Completed', 'Failed', 'Canceled']);

export function isTerminal(status: string): boolean {
  return TERMINAL.has(status);
}

/** Reads a job; null where Azure does not know it (a proven 404). */
export async function getJob(azure: AzureConnection, name: string, signal?: AbortSignal): Promise<Job | null> {
  const answer = await orNull(armRequest(azure, 'GET', `/jobs/${name}`, signal === undefined ? {} : { signal }));
  return answer === null ? null : readJob(name, answer.body);
}

/** Reads a job that somebody else may have submitted; null where Azure does not know it. */
export async function getSubmittedJob(azure: AzureConnection, name: string): Promise<SubmittedJob | null> {
  const answer = await orNull(armRequest(azure, 'GET', `/jobs/${name}`));
  if (answer === null) return null;
  const body = submittedSchema.safeParse(answer.body);
  if (!body.success) throw new AzureError('transient', `job ${name} was answered in an unknown form`);
  const { systemData, properties } = body.data;
  const createdAt = Date.parse(systemData?.createdAt ?? '');
  // Azure answers the short form of a datastore's uri or the long one: the path stands behind `/paths/` in both.
  const paths = Object.entries(properties.inputs ?? {}).flatMap(([input, { uri }]) => {
    const path = /\/paths\/(.*?)\/*$/.exec(uri ?? '')?.[1];
    return path === undefined ? [] : [[input, path]];
  });
  return {
    ...readJob(name, answer.body),
    createdAt: Number.isNaN(createdAt) ? null : createdAt,
    inputPaths: Object.fromEntries(paths) as Record<string, string>,
  };
}

const submittedSchema = z.object({
  systemData: z.object({ createdAt: z.string().nullish() }).nullish(),
  properties: z.object({ inputs: z.record(z.string(), z.object({ uri: z.string().nullish() })).nullish() }),
});

/**
 * Submits a job by PUT. Idempotent by name: `exists` means that a job of this name is there (200, 409 or JobPropertyImmutable);
 * whether it is ours must be read from its tags.
 */
export async function putJob(azure: AzureConnection, spec: JobSpec): Promise<Submission> {
  const answer = await armRequest(azure, 'PUT', `/jobs/${spec.name}`, {
    body: jobBody(azure, spec),
    expected: [400, 409],
  });
  if (answer.status === 201) return 'created';
  if (answer.status === 200 || nameIsTaken(answer)) return 'exists';
  throw new AzureError(
    'permanent',
    `Azure ML refused job ${spec.name} (HTTP ${answer.status}): ${JSON.stringify(answer.body).slice(0, 500)}`,
  );
}

/** Asks for a cancel; returns when the request is accepted, not when the job has ended. A terminal or unknown job is left alone. */
export async function requestCancel(azure: AzureConnection, name: string): Promise<void> {
  await orNull(armRequest(azure, 'POST', `/jobs/${name}/cancel`, { expected: [400] }));
}

/** Names and tags of the jobs of the workspace that carry a tag of this name. By the service's specification it filters by the name only: look at the values. */
export async function listJobs(azure: AzureConnection, tag: string): Promise<Job[]> {
  const { resourceGroup, workspace } = azure.target;
  return calling('listing jobs', async () => {
    const jobs: Job[] = [];
    for await (const item of azure.ml.jobs.list(resourceGroup, workspace, { tag }))
      jobs.push(readJob(item.name ?? '', item));
    return jobs;
  });
}

function readJob(name: string, body: unknown): Job {
  const properties = asRecord(asRecord(body, `job ${name}`)['properties'], `job ${name}`);
  return {
    name,
    status: typeof properties['status'] === 'string' ? properties['status'] : 'Unknown',
    tags: (properties['tags'] as Record<string, string> | null | undefined) ?? {},
  };
}

function jobBody(azure: AzureConnection, spec: JobSpec): unknown {
  const inputs = Object.entries(spec.inputs).map(([name, input]) => [
    name,
    { jobInputType: `uri_${input.kind}`, uri: input.uri, mode: input.mode },
  ]);
  const outputs = Object.entries(spec.outputs).map(([name, uri]) => [
    name,
    { jobOutputType: 'uri_folder', uri, mode: 'ReadWriteMount' },
  ]);
  const oneProcess = spec.nodes === 1 && spec.processesPerNode === 1;
  return {
    properties: {
      jobType: 'Command',
      displayName: spec.displayName,
      experimentName: spec.experiment,
      command: spec.command,
      codeId: spec.codeId,
      environmentId: spec.environmentId,
      computeId: `${workspaceId(azure)}/computes/${spec.cluster}`,
      resources: { instanceCount: spec.nodes },
      ...(spec.timeoutSeconds === null
        ? {}
        : { limits: { jobLimitsType: 'Command', timeout: `PT${Math.ceil(spec.timeoutSeconds)}S` } }),
      // A PyTorch distribution of one process hung on the real service (microsoft/hi-ml#739).
      ...(oneProcess
        ? {}
        : { distribution: { distributionType: 'PyTorch', processCountPerInstance: spec.processesPerNode } }),
      environmentVariables: spec.environmentVariables,
      inputs: Object.fromEntries(inputs) as unknown,
      outputs: Object.fromEntries(outputs) as unknown,
      tags: spec.tags,
    },
  };
}
