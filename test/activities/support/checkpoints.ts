import { createHash } from 'node:crypto';
import type { CheckpointManifest } from '../../../domain/checkpoints.js';
import { attemptName } from '../../../domain/names.js';
import { attemptFolder, checkpointFolder } from '../../../domain/paths.js';
import { store } from './deps.js';

export interface HandMade {
  readonly run: string;
  readonly attempt?: number;
  readonly incarnation?: string;
  readonly step: number;
  readonly parent?: CheckpointManifest['parent'];
  /** What its manifest says otherwise; null: it has none. */
  readonly manifest?: Partial<CheckpointManifest> | null;
}

const FILES = { 'model.safetensors': 'weights', 'optimizer.safetensors': 'moments', 'rng.safetensors': 'random' };

/** Writes a checkpoint as the trainer would: small files, then its manifest. @returns its folder */
export async function makeCheckpoint(made: HandMade): Promise<string> {
  const { run, attempt = 1, incarnation = 'i1', step, parent = null } = made;
  const blobs = await store();
  const folder = `${attemptFolder(run, 'p1', attempt)}/${incarnation}/${checkpointFolder(step)}`;
  const files = Object.entries(FILES).map(([name, text]) => ({
    name,
    content: `${text} of ${run} ${attempt} ${step}`,
  }));
  for (const { name, content } of files) await blobs.write(`${folder}/${name}`, content);
  const manifest: CheckpointManifest = {
    ...{ format: 'bertha-checkpoint/1', run, phase: 'p1', attempt: attemptName(attempt), incarnation, step, parent },
    ...{ totalSteps: 100, samples: step * 8, tokens: step * 128, worldSize: 2, at: '2026-11-23T01:02:03.456Z' },
    ...{ configSha256: '0', dataSha256: '0', sampleHash: sha256(`order up to ${step}`) },
    files: files.map(({ name, content }) => ({ name, bytes: content.length, sha256: sha256(content) })),
    ...made.manifest,
  };
  if (made.manifest !== null) await blobs.write(`${folder}/manifest.json`, JSON.stringify(manifest));
  return folder;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Flips one bit of a blob, its length unchanged. */
export async function flipBit(path: string): Promise<void> {
  const content = Buffer.from((await (await store()).text(path)) ?? '');
  content.writeUInt8(content.readUInt8(3) ^ 1, 3);
  await (await store()).write(path, content);
}

/** Paths of all blobs below a folder. */
export const blobsBelow = async (folder: string): Promise<string[]> =>
  (await (await store()).list(`${folder}/`)).map(({ path }) => path);
