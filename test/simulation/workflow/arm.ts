import { z } from 'zod';
import { checkpointAt } from '../../../domain/past.js';
import type { SkipWindow } from '../../../domain/skip-windows.js';
import { attemptName, attemptNumber } from '../../../domain/names.js';
import type { SimJob } from '../world/job.js';
import type { World } from '../world/world.js';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const NOT_FOUND: Answer = { status: 404, body: { error: { code: 'NotFound', message: 'not found' } } };
const ok = (body: unknown): Answer => ({ status: 200, body });

/** What each submitted job was put with: Azure keeps it. */
const bodies = new WeakMap<SimJob, z.output<typeof jobSchema>>();

/** Answers of Azure Resource Manager and of run history for the workspace of a world. @param begin of the world, epoch milliseconds */
export function answer(world: World, method: string, path: string, body: unknown, begin: number): Answer {
  const iso = (at: number | null) => (at === null ? null : new Date(begin + at).toISOString());
  const [, kind, name, verb] = /\/(jobs|computes|runs)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path) ?? [];
  if (kind === 'jobs')
    return name === undefined ? ok({ value: listed(world) }) : ofJob(world, method, name, verb, body, iso);
  if (kind === 'computes') return ofCluster(world, method, name ?? '', verb);
  if (kind === 'runs') return ofRun(world, name ?? '', verb, iso);
  if (path.endsWith('/discovery')) return ok({ api: 'https://region.invalid' });
  const isWorkspace = /\/workspaces\/[^/]+$/.test(path);
  return isWorkspace
    ? ok({ location: 'simulated', properties: { discoveryUrl: 'https://region.invalid/discovery' } })
    : NOT_FOUND;
}

const jobSchema = z.object({
  properties: z.object({
    tags: z.record(z.string(), z.string()),
    computeId: z.string(),
    inputs: z.record(z.string(), z.object({ uri: z.string() })),
    limits: z.object({ timeout: z.string() }).nullish(),
  }),
});

type Iso = (at: number | null) => string | null;

function ofJob(world: World, method: string, name: string, verb: string | undefined, body: unknown, iso: Iso): Answer {
  const job = world.job(name);
  if (method === 'PUT') return job === undefined ? put(world, name, body, iso) : ok(resource(job, iso));
  if (job === undefined) return NOT_FOUND;
  if (verb === 'cancel') {
    world.requestCancel(job);
    return { status: 202, body: null };
  }
  return world.unknownUntil > world.now ? NOT_FOUND : ok(resource(job, iso));
}

function put(world: World, name: string, body: unknown, iso: Iso): Answer {
  const read = jobSchema.parse(body);
  const { inputs, limits, computeId } = read.properties;
  const cluster = computeId.split('/').at(-1) ?? '';
  if (world.deletedClusters.has(cluster))
    return { status: 400, body: { error: { code: 'UserError', message: 'The compute target does not exist.' } } };
  const timeoutSeconds = limits == null ? null : Number(/^PT(\d+)S$/.exec(limits.timeout)?.[1]);
  const path = /\/paths\/(.*)$/.exec(inputs['resume']?.uri ?? '')?.[1];
  const resume = path === undefined ? null : checkpointAt(path.replace(/^runs\/[^/]+/, 'runs/sim'), 'p1', []);
  const attempt = attemptName(attemptNumber(name.split('-').at(-1) ?? ''));
  const job = world.put({ name, attempt, cluster, resume, skipWindows: windowsOf(world, attempt), timeoutSeconds });
  bodies.set(job, read);
  return { status: 201, body: resource(job, iso) };
}

/** What the parameters of an attempt, which lie in Blob, say of passed-over samples. */
const windowsOf = (world: World, attempt: string): readonly SkipWindow[] => told.get(world)?.(attempt) ?? [];
const told = new WeakMap<World, (attempt: string) => readonly SkipWindow[]>();

/** Says where a trainer finds its parameters. */
export function readParameters(world: World, read: (attempt: string) => readonly SkipWindow[]): void {
  told.set(world, read);
}

function resource(job: SimJob, iso: Iso): unknown {
  const { tags, inputs } = bodies.get(job)?.properties ?? { tags: {}, inputs: {} };
  const { request, status, submittedAt } = job;
  return {
    name: request.name,
    properties: { jobType: 'Command', status, tags, inputs },
    systemData: { createdAt: iso(submittedAt) },
  };
}

/** A job that Azure does not know at the moment stands in no list either. */
function listed(world: World): unknown[] {
  return world.unknownUntil > world.now ? [] : world.jobs.map((job) => resource(job, String));
}

function ofCluster(world: World, method: string, name: string, verb: string | undefined): Answer {
  if (method === 'DELETE') {
    world.deleteCluster(name);
    return { status: 200, body: null };
  }
  const isDeleted = world.deletedClusters.has(name);
  if (verb === 'listNodes') {
    const nodes = world.nodes
      .list(world.now, world.holders())
      .map(({ id, state, jobName }) => ({ nodeId: id, nodeState: state, runId: jobName }));
    return isDeleted ? NOT_FOUND : ok({ nodes });
  }
  if (isDeleted && method !== 'PUT') return NOT_FOUND;
  world.deletedClusters.delete(name);
  const currentNodeCount = world.holders().reduce((sum, { nodes }) => sum + nodes.length, 0);
  return ok({
    properties: {
      ...{ computeType: 'AmlCompute', provisioningState: 'Succeeded', provisioningErrors: null },
      properties: { vmPriority: 'LowPriority', currentNodeCount, errors: [], scaleSettings: { maxNodeCount: 2 } },
    },
  });
}

function ofRun(world: World, name: string, verb: string | undefined, iso: Iso): Answer {
  const job = world.job(name);
  if (job === undefined) return NOT_FOUND;
  if (verb !== 'details') return ok({ cancelationReason: job.cancelReason });
  const warnings = job.warnings.map((message) => ({ message }));
  const times = { startTimeUtc: iso(job.ranFrom), endTimeUtc: iso(job.endedAt) };
  return ok({ status: job.status, ...times, error: job.error === null ? null : { error: job.error }, warnings });
}
