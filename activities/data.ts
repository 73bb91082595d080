import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { BlobContainer } from '../azure/blob.js';
import { prepareDatasetInThread } from '../corpus/in-thread.js';
import { type DatasetManifest, DatasetManifestSchema } from '../corpus/manifest.js';
import { PrepareOptionsSchema } from '../corpus/options.js';
import type { RunConfig } from '../domain/config.js';
import { contentHash } from '../domain/names.js';
import { datasetFolder } from '../domain/paths.js';
import { sourceContainer } from './copy/source.js';
import { type Deps, type Place, report } from './deps.js';

export interface PreparedData {
  readonly contentId: string;
  /** Folder in the source container. */
  readonly folder: string;
  readonly reused: boolean;
  readonly summary: string;
}

/** Bump when the same dump and options would give other bytes. */
const PREPARATION_VERSION = 2;

/** Heavy data work; runs on the `bertha-data` task queue, so more machines make it faster and nothing else changes. */
export const dataActivities = (deps: Deps) => ({
  /**
   * Dump → shards in the source container, manifest last. Idempotent: equal dump, options and code give equal bytes and the same folder,
   * and a preparation that is there already is found by the hash of its inputs.
   */
  async prepareData(request: { place: Place; data: RunConfig['data'] }): Promise<PreparedData> {
    const { place, data } = request;
    const prepare = data.prepare;
    if (prepare === undefined) throw ApplicationFailure.nonRetryable('data.prepare is missing', 'ConfigError');
    const source = sourceContainer(deps, place, data);
    await source.ensure();
    const dump = resolve(deps.installation, prepare.dump);
    const inputs = contentHash({
      version: PREPARATION_VERSION,
      dump: await fileSha256(dump),
      options: prepare.options,
      name: data.name,
    });
    const marker = `data/${data.name}/by-input/${inputs}.json`;
    const known = await preparedBefore(source, data.name, marker);
    if (known !== null) {
      const { contentId } = known;
      return { contentId, folder: datasetFolder(data.name, contentId), reused: true, summary: describe(known) };
    }
    const outDir = await mkdtemp(join(deps.scratch, 'prepare-'));
    try {
      const manifest = await prepareDatasetInThread(
        { dump, outDir, name: data.name, options: PrepareOptionsSchema.parse(prepare.options) },
        (progress) => report({ activity: 'prepare', ...progress }),
        cancellationSignal(),
      );
      const folder = datasetFolder(data.name, manifest.contentId);
      await uploadFolder(source, outDir, folder);
      await source.write(marker, JSON.stringify({ contentId: manifest.contentId }));
      return { contentId: manifest.contentId, folder, reused: false, summary: describe(manifest) };
    } finally {
      await rm(outDir, { recursive: true, force: true });
    }
  },
});

/** The dataset that equal inputs gave before; null where there is none, or where somebody has deleted it since. */
async function preparedBefore(source: BlobContainer, name: string, marker: string): Promise<DatasetManifest | null> {
  const known = (await source.json(marker)) as { contentId: string } | null;
  if (known === null) return null;
  const parsed = DatasetManifestSchema.safeParse(
    await source.json(`${datasetFolder(name, known.contentId)}/manifest.json`),
  );
  return parsed.success ? parsed.data : null;
}

async function uploadFolder(container: BlobContainer, directory: string, folder: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true });
  const isManifest = (name: string) => name === 'manifest.json';
  const ordered = [...entries.filter((name) => !isManifest(name)).sort(), ...entries.filter(isManifest)];
  for (const name of ordered) {
    const file = join(directory, name);
    if (!(await stat(file)).isFile()) continue;
    await container.writeFile(
      `${folder}/${relative(directory, file).split(sep).join('/')}`,
      file,
      cancellationSignal(),
    );
    report({ activity: 'prepare', stage: 'upload', file: name });
  }
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch {
    throw ApplicationFailure.nonRetryable(
      `the dump ${path} cannot be read on this worker; check data.prepare.dump`,
      'NoDump',
    );
  }
  return hash.digest('hex');
}

function describe(manifest: DatasetManifest): string {
  const sets = manifest.sets.map(
    (set) => `${set.train.samples.toLocaleString('en')} samples of ${set.sequenceLength} tokens`,
  );
  return `${manifest.pages.out.toLocaleString('en')} of ${manifest.pages.in.toLocaleString('en')} pages, ${sets.join(', ')}, vocabulary ${manifest.vocabulary.size}`;
}
