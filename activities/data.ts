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
import { type Deps, type Place, report, storeOf } from './deps.js';

export interface PreparedData {
  readonly contentId: string;
  /** Folder in the source container. */
  readonly folder: string;
  readonly reused: boolean;
  readonly summary: string;
}

export interface CopiedData {
  /** Folder in the run's container. */
  readonly folder: string;
  readonly contentId: string;
  readonly blobs: number;
  readonly bytes: number;
  readonly copied: number;
}

/** Bump when the same dump and options would give other bytes. */
const PREPARATION_VERSION = 1;

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
    const source = sourceOf(deps, place, data);
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

  /** Copies a prepared dataset into the run's container server-side and verifies each blob against the manifest's hashes. The manifest is copied last. */
  async copyData(request: { place: Place; data: RunConfig['data']; folder: string }): Promise<CopiedData> {
    const { place, data, folder } = request;
    const source = sourceOf(deps, place, data);
    const target = storeOf(deps, place);
    const manifest = await readManifest(source, folder);
    const to = datasetFolder(data.name, manifest.contentId);
    const files = filesOf(manifest);
    // Copied last and in this order, so a manifest that is there says that all of it was.
    const asides = ['attribution.jsonl', 'manifest.json'];
    const wasWhole = await sameText(source, `${folder}/manifest.json`, target, `${to}/manifest.json`);
    let copied = 0;
    let bytes = 0;
    for (const [index, file] of files.entries()) {
      const fresh = await copyVerified(source, target, `${folder}/${file.file}`, `${to}/${file.file}`, file);
      copied += fresh ? 1 : 0;
      bytes += file.bytes ?? 0;
      report({ activity: 'copy', stage: 'copy', blobs: index + 1, of: files.length, bytes });
    }
    for (const aside of wasWhole ? [] : asides) {
      if ((await source.info(`${folder}/${aside}`)) !== null)
        await target.copyFrom(source, `${folder}/${aside}`, `${to}/${aside}`, cancellationSignal());
    }
    return { folder: to, contentId: manifest.contentId, blobs: files.length, bytes, copied };
  },
});

interface HashedFile {
  readonly file: string;
  /** Null where the manifest does not say. */
  readonly bytes: number | null;
  readonly sha256: string;
}

async function copyVerified(
  source: BlobContainer,
  target: BlobContainer,
  from: string,
  to: string,
  file: HashedFile,
): Promise<boolean> {
  const there = await target.info(to);
  const sizeFits = there !== null && (file.bytes === null || there.bytes === file.bytes);
  if (sizeFits && (await target.sha256(to, { signal: cancellationSignal() })).sha256 === file.sha256) return false;
  await target.copyFrom(source, from, to, cancellationSignal());
  const arrived = await target.sha256(to, { signal: cancellationSignal() });
  if (arrived.sha256 !== file.sha256) throw await damagedShard(source, from, arrived.sha256, file);
  return true;
}

/** Damage on the way is copied again; damage at the source would be copied again for ever, so it is final. */
async function damagedShard(
  source: BlobContainer,
  from: string,
  arrived: string,
  file: HashedFile,
): Promise<ApplicationFailure> {
  const there = await source.sha256(from, { signal: cancellationSignal() });
  const says = `its manifest says ${file.sha256.slice(0, 12)}...`;
  if (there.sha256 === file.sha256) {
    return ApplicationFailure.retryable(
      `shard ${file.file} has sha256 ${arrived.slice(0, 12)}... after the copy, ${says}`,
      'DamagedShard',
    );
  }
  const message = `shard ${file.file} is damaged in ${source.name}: its sha256 is ${there.sha256.slice(0, 12)}..., ${says}; prepare the dataset again`;
  return ApplicationFailure.nonRetryable(message, 'DamagedShard');
}

async function sameText(a: BlobContainer, aPath: string, b: BlobContainer, bPath: string): Promise<boolean> {
  const [one, other] = await Promise.all([a.text(aPath), b.text(bPath)]);
  return one !== null && one === other;
}

function filesOf(manifest: DatasetManifest): HashedFile[] {
  const shards = manifest.sets.flatMap((set) => [...set.train.shards, ...set.heldout.shards]);
  const { file, sha256 } = manifest.vocabulary;
  return [...shards, { file, bytes: null, sha256 }];
}

/** The dataset that equal inputs gave before; null where there is none, or where somebody has deleted it since. */
async function preparedBefore(source: BlobContainer, name: string, marker: string): Promise<DatasetManifest | null> {
  const known = (await source.json(marker)) as { contentId: string } | null;
  if (known === null) return null;
  const parsed = DatasetManifestSchema.safeParse(
    await source.json(`${datasetFolder(name, known.contentId)}/manifest.json`),
  );
  return parsed.success ? parsed.data : null;
}

async function readManifest(container: BlobContainer, folder: string): Promise<DatasetManifest> {
  const parsed = DatasetManifestSchema.safeParse(await container.json(`${folder}/manifest.json`));
  if (parsed.success) return parsed.data;
  throw ApplicationFailure.nonRetryable(
    `${container.name}/${folder} holds no dataset manifest of ours; is data.source.prefix right?`,
    'NoDataset',
  );
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

function sourceOf(deps: Deps, place: Place, data: RunConfig['data']): BlobContainer {
  return deps.connection(place.azure).container(data.source.account, data.source.container);
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
