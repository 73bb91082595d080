import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type CodeFile, ensureCode, ensureEnvironment, findEnvironment } from '../azure/assets.js';
import { createCluster, getCluster } from '../azure/cluster.js';
import { ensureDatastore, showReadable } from '../azure/datastore.js';
import type { RunConfig } from '../domain/config.js';
import { type Deps, type Place, storeOf } from './deps.js';
import { contentOf, environmentMissing } from './environment.js';
import { ownership } from './run-record.js';

export interface Infrastructure {
  readonly codeId: string;
  readonly environmentId: string;
  /** True where this run made the cluster: only then may it be resized or deleted. */
  readonly ownsCluster: boolean;
  readonly summary: string;
}

/** Each makes sure that something exists and is right; each may be repeated. */
export const infrastructureActivities = (deps: Deps) => ({
  /**
   * Container and datastore, and that what jobs will read there can be read as they will read it.
   * @param request `reads`: a blob of the data; absent in requests of older releases
   * @returns whether the datastore was made now
   */
  async ensureStorage(request: { place: Place; reads?: string }): Promise<'created' | 'existing'> {
    const { place, reads } = request;
    const azure = deps.connection(place.azure);
    await storeOf(deps, place).ensure();
    const made = await ensureDatastore(azure, place.storage);
    if (reads !== undefined) await showReadable(azure, place.storage, reads);
    return made;
  },

  /** The cluster: created where there is none, never changed where there is one. */
  async ensureCluster(request: {
    place: Place;
    cluster: RunConfig['cluster'];
    region: string;
    chain: string;
  }): Promise<{ ours: boolean; created: boolean }> {
    const { place, cluster, region, chain } = request;
    const azure = deps.connection(place.azure);
    const tags = { 'bertha.run': place.run, 'bertha.chain': chain };
    const found = await getCluster(azure, cluster.name);
    if (found !== null) return { ours: (await ownership(deps, place))(found.tags), created: false };
    await createCluster(azure, { ...cluster, region, maxNodes: cluster.nodes, tags }, cancellationSignal());
    const made = await getCluster(azure, cluster.name);
    if (made?.provisioningState === 'Failed') {
      throw ApplicationFailure.nonRetryable(
        `cluster ${cluster.name} could not be created: ${made.errors.join('; ')}`,
        'ClusterFailed',
      );
    }
    return { ours: true, created: true };
  },

  /** The environment: the version that the config names, else image + pip requirements, versioned by their content. @returns its ARM id */
  async ensureEnvironment(request: { place: Place; environment: RunConfig['environment'] }): Promise<{ id: string }> {
    const { place, environment } = request;
    const { name, version } = environment;
    const azure = deps.connection(place.azure);
    if (version === undefined) return { id: await ensureEnvironment(azure, await contentOf(deps, environment)) };
    const id = await findEnvironment(azure, name, version);
    if (id === null) throw ApplicationFailure.nonRetryable(environmentMissing(name, version), 'ConfigError');
    return { id };
  },

  /** The code asset: the folder as it is, versioned by its content. @returns its ARM id */
  async ensureCode(request: {
    place: Place;
    folder: string;
  }): Promise<{ id: string; version: string; reused: boolean }> {
    const files = await filesBelow(resolve(deps.installation, request.folder));
    const hash = createHash('sha256');
    for (const file of files) hash.update(`${file.path}\0${file.content.byteLength}\0`).update(file.content);
    const sha256 = hash.digest('hex');
    const version = sha256.slice(0, 16);
    const made = await ensureCode(deps.connection(request.place.azure), {
      name: 'bertha-code',
      version,
      sha256,
      files,
    });
    return { ...made, version };
  },
});

async function filesBelow(folder: string): Promise<CodeFile[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => {
    throw ApplicationFailure.nonRetryable(
      `trainer.code: the folder ${folder} cannot be read on this worker`,
      'ConfigError',
    );
  });
  const files: CodeFile[] = [];
  for (const name of names.sort()) {
    const skipped = name.split(sep).some((part) => part === '__pycache__' || part.startsWith('.'));
    if (skipped || !(await stat(join(folder, name))).isFile()) continue;
    files.push({ path: name.split(sep).join('/'), content: await readFile(join(folder, name)) });
  }
  return files;
}
