import { createHash } from 'node:crypto';
import type { BlobContainer } from '../../../../azure/blob.js';
import { type DatasetManifest, contentIdOf } from '../../../../corpus/manifest.js';
import { blockHashes } from '../../../../corpus/shards/block-hashes.js';
import { seeded } from '../../../house/random.js';

export const BLOCK = 64 * 1024;

/** Bytes from a seed, no two stretches alike. */
export function randomBytes(length: number, seed = 1): Buffer {
  const next = seeded(seed);
  return Buffer.from(Uint8Array.from({ length }, () => Math.floor(next() * 256)));
}

/** Files of a dataset: shards of random bytes with hashes of small blocks, a vocabulary, the manifest. @param sizes of the shards */
export function datasetFiles(sizes: readonly number[], hasBlocks = true): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const shards = sizes.map((size, index) => {
    const bytes = randomBytes(size, index + 1);
    const file = `seq-0016/train/shard-${String(index).padStart(5, '0')}.safetensors`;
    files.set(file, bytes);
    const blocks = hasBlocks ? { blocks: blockHashes(bytes, BLOCK) } : {};
    return { file, samples: 1, tokens: 1, bytes: size, sha256: sha256(bytes), ...blocks };
  });
  const vocabulary = Buffer.from('[PAD]\n[UNK]\n');
  files.set('vocab.txt', vocabulary);
  const part: Omit<DatasetManifest, 'contentId' | 'name'> = {
    format: 'bertha-dataset/1',
    createdFrom: {},
    vocabulary: {
      ...{ file: 'vocab.txt', size: 2, sha256: sha256(vocabulary) },
      special: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 },
    },
    sets: [
      {
        ...{ name: 'seq-0016', sequenceLength: 16 },
        train: { samples: sizes.length, tokens: sizes.length, randomNextRatio: 0, shards },
        heldout: { samples: 0, tokens: 0, randomNextRatio: 0, shards: [] },
      },
    ],
    pages: { in: 1, out: 1, skipped: {} },
    unicodeVersion: '15.1',
  };
  const manifest = { ...part, name: 'tiny', contentId: contentIdOf(part) };
  files.set('attribution.jsonl', Buffer.from('{"page":1}\n'));
  files.set('manifest.json', Buffer.from(JSON.stringify(manifest)));
  return files;
}

/** Content id in the manifest among files; `none` where there is no manifest. */
export function contentIdIn(files: Map<string, Buffer>): string {
  const manifest = files.get('manifest.json');
  return manifest === undefined ? 'none' : (JSON.parse(manifest.toString()) as { contentId: string }).contentId;
}

/** Writes files below a folder of a container. */
export async function writeFiles(container: BlobContainer, folder: string, files: Map<string, Buffer>): Promise<void> {
  await container.ensure();
  for (const [file, bytes] of files) await container.write(`${folder}/${file}`, bytes);
}

/** Paths below a folder that hold other bytes than `files`, or lack, or are too many. */
export async function differences(
  container: BlobContainer,
  folder: string,
  files: Map<string, Buffer>,
): Promise<string[]> {
  const there = new Set((await container.list(`${folder}/`)).map(({ path }) => path.slice(folder.length + 1)));
  const wrong: string[] = [];
  for (const [file, bytes] of files) {
    const found = there.delete(file) ? await container.bytes(`${folder}/${file}`) : null;
    if (found === null || !found.equals(bytes)) wrong.push(file);
  }
  return [...wrong, ...there];
}

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
