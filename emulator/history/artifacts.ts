import { ARTIFACT_CONTAINER } from '../datastores/defaults.js';
import type { Job } from '../entities/job.js';
import { dataPlaneFault } from '../http/fault.js';
import { ok, type Call, type Reply } from '../http/route.js';
import { artifactPrefix } from '../jobs/plan.js';
import { containerOf } from '../storage/client.js';
import type { World } from '../world.js';

/** Addresses of a run's logs, signed to read, by name. Empty without storage. */
export function logFiles(call: Call, job: Job): Record<string, string> {
  return Object.fromEntries(
    job.logs.flatMap((path) => (call.world.storage === null ? [] : [[path, addressOf(call, job, path)]])),
  );
}

/** GET artifacts/contentinfo?path=: one artifact's address. */
export function contentInfo(call: Call, job: Job): Reply {
  const path = call.query.get('path');
  if (path === null) throw dataPlaneFault(400, 'UserError', 'The query parameter path is missing.', ['BadArgument']);
  return ok(info(call, job, path));
}

/** GET artifacts/prefix/contentinfo?path=: addresses of all artifacts below a path. */
export async function prefixContentInfo(call: Call, job: Job): Promise<Reply> {
  const paths = await artifactsBelow(call.world, job, call.query.get('path') ?? '');
  return ok({ continuationToken: null, value: paths.map((path) => info(call, job, path)) });
}

/** GET artifacts: all artifacts of a run. */
export async function listArtifacts(call: Call, job: Job): Promise<Reply> {
  const paths = await artifactsBelow(call.world, job, '');
  const value = paths.map((path) => ({
    artifactId: artifactId(job, path),
    origin: 'ExperimentRun',
    container: `dcid.${job.name}`,
    path,
    etag: null,
  }));
  return ok({ continuationToken: null, value });
}

async function artifactsBelow(world: World, job: Job, path: string): Promise<string[]> {
  const { storage } = world;
  if (storage === null) return [];
  const start = `${artifactPrefix(job.name)}/`;
  const names: string[] = [];
  const container = containerOf(storage.place(ARTIFACT_CONTAINER, ''));
  for await (const blob of container.listBlobsFlat({ prefix: `${start}${path}` }))
    names.push(blob.name.slice(start.length));
  return names;
}

function info(call: Call, job: Job, path: string): object {
  return {
    contentUri: addressOf(call, job, path),
    origin: 'ExperimentRun',
    container: `dcid.${job.name}`,
    path,
    tags: null,
  };
}

function addressOf(call: Call, job: Job, path: string): string {
  const { storage } = call.world;
  if (storage === null)
    throw dataPlaneFault(404, 'UserError', `There is no artifact ${path}: the emulator has no storage.`, [
      'NotFoundError',
    ]);
  return storage.readUri(call.site.blob(storage.name), ARTIFACT_CONTAINER, `${artifactPrefix(job.name)}/${path}`);
}

function artifactId(job: Job, path: string): string {
  return `ExperimentRun/dcid.${job.name}/${path}`;
}
