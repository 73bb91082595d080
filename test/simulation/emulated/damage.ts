import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobContainer } from '../../../azure/blob.js';
import type { Damage } from '../schedule.js';
import type { Seen } from './inventory.js';

const MODEL = 'model.safetensors';
const MANIFEST = 'manifest.json';

/** Damages a checkpoint in the storage. @param disk where the storage keeps its files @returns false where it was gone */
export async function damage(store: BlobContainer, disk: string, { path }: Seen, what: Damage): Promise<boolean> {
  const model = `${path}/${MODEL}`;
  const bytes = await store.bytes(model);
  if (bytes === null) return false;
  if (what === 'truncated') await store.write(model, '');
  else if (what === 'flipped') await store.write(model, flipped(bytes));
  else if (what === 'file-lost') await store.remove(model);
  else if (what === 'manifest-lost') await store.remove(`${path}/${MANIFEST}`);
  else return rot(disk, bytes);
  return true;
}

function flipped(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const middle = Math.floor(copy.length / 2);
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}

/** Bytes change on the disk of the storage, which neither size nor ETag tells. @returns false where they are not found */
async function rot(disk: string, bytes: Buffer): Promise<boolean> {
  let found = false;
  for (const name of await readdir(disk, { recursive: true })) {
    const file = join(disk, name);
    if (!name.includes('__blobstorage__') || !(await stat(file)).isFile()) continue;
    const handle = await open(file, 'r+');
    try {
      const content = await handle.readFile();
      for (let at = content.indexOf(bytes); at >= 0; at = content.indexOf(bytes, at + 1)) {
        const middle = at + Math.floor(bytes.length / 2);
        await handle.write(Uint8Array.of((content[middle] ?? 0) ^ 1), 0, 1, middle);
        found = true;
      }
    } finally {
      await handle.close();
    }
  }
  return found;
}

const GHOST_STEPS = 17;

/** Somewhere a process of an ended job was never killed, and saves what it has done since. @returns the path, null where there is nothing to go on from */
export async function ghost(store: BlobContainer, last: Seen, steps: number): Promise<string | null> {
  const step = last.step + GHOST_STEPS;
  const manifest = (await store.json(`${last.path}/${MANIFEST}`)) as Record<string, unknown> | null;
  if (manifest === null || step > steps) return null;
  const path = `${last.path.slice(0, -9)}${String(step).padStart(9, '0')}`;
  const { attempt, incarnation } = last;
  const files: unknown[] = [];
  for (const { name } of manifest['files'] as { name: string }[]) {
    const content = JSON.stringify({ writer: last.writer, step, random: randomBytes(32).toString('hex') });
    await store.write(`${path}/${name}`, content);
    files.push({ name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
  }
  const parent = { attempt, incarnation, step: last.step };
  const next = { ...manifest, files, step, parent, at: new Date().toISOString() };
  await store.write(`${path}/${MANIFEST}`, JSON.stringify(next));
  return path;
}
