import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import type { SubmitRequest } from '../../../activities/jobs.js';
import { armRequest } from '../../../azure/arm.js';
import { bertha } from '../../../installation.js';
import { activities, azure, config, place, store } from './deps.js';
import { run } from './run.js';
import { sharedStack } from './stack.js';

const CLUSTER = 'jobs';

/** What a job needs before it can be submitted; made once for all tests. */
let ready: Promise<{ codeId: string; environmentId: string }> | undefined;

/** A request to submit a one-node job that runs a shell command. Its data, config and code are there. */
export async function submitRequest(
  name: string,
  command: string,
  changes: Partial<SubmitRequest> = {},
): Promise<SubmitRequest> {
  await sharedStack();
  ready ??= makeReady();
  const ids = await ready;
  const { cluster, trainer } = config(name);
  return {
    ...{ place: place(name), chain: `chain-of-${name}`, phase: 'p1', attempt: 1, ...ids },
    trainer: { ...trainer, command },
    parameters: { steps: 3 },
    cluster: { ...cluster, name: CLUSTER, nodes: 1 },
    ...{ dataFolder: 'data/tiny/0', resumeFrom: null, initFrom: null },
    ...changes,
  };
}

async function makeReady(): Promise<{ codeId: string; environmentId: string }> {
  const where = place('jobs');
  const folder = bertha('stacks', 'activities-test', 'job-code');
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/main.py`, 'print("hello")\n');
  await run(activities.ensureStorage, { place: where });
  await (await store()).write('data/tiny/0/part', 'data');
  const { cluster, environment } = config('jobs');
  const cores = { ...cluster, name: CLUSTER, nodes: 4, idleSecondsBeforeScaleDown: 60 };
  await run(activities.ensureCluster, { place: where, cluster: cores, region: 'eastus', chain: 'jobs' });
  const { id: environmentId } = await run(activities.ensureEnvironment, { place: where, environment });
  const { id: codeId } = await run(activities.ensureCode, { place: where, folder });
  return { codeId, environmentId };
}

export interface RawJob {
  readonly properties: {
    readonly status: string;
    readonly tags: Record<string, string>;
    readonly command: string;
    readonly inputs: Record<string, { uri: string; mode: string; jobInputType: string }>;
    readonly outputs: Record<string, { uri: string; mode: string; jobOutputType: string }>;
  };
}

/** A job as the service answers it, past all code that reads jobs for us. */
export async function rawJob(name: string): Promise<RawJob> {
  return (await armRequest(azure(), 'GET', `/jobs/${name}`)).body as RawJob;
}

/** Takes a node of a job away through the emulator's own controls. */
export async function evict(job: string, node: number, face = 'failed'): Promise<void> {
  const { azureMlUrl, places } = await sharedStack();
  const ca = readFileSync(`${places.tls}/ca.pem`, 'utf8');
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request(
      `${azureMlUrl}/_emulator/evict`,
      { method: 'POST', ca, headers: { 'content-type': 'application/json' } },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    sent.once('error', reject);
    sent.end(JSON.stringify({ job, node, face }));
  });
  if (status !== 200) throw new Error(`the eviction of node ${node} of ${job} was answered HTTP ${status}`);
}
