import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { BlobContainer } from '../../azure/blob.js';

/** What one round changed. */
export interface MirrorChange {
  readonly added: number;
  readonly removed: number;
  /** Files in the folder now. */
  readonly files: number;
}

/**
 * Brings a local folder in step with the blobs below a prefix: adds, replaces, removes. A file appears whole: it is written beside the folder, then renamed.
 * A section of a curve has a name of its own for every lineage, so equal name and size mean equal content.
 */
export async function mirror(store: BlobContainer, prefix: string, folder: string): Promise<MirrorChange> {
  const blobs = new Map(
    (await store.list(`${prefix}/`)).map(({ path, bytes }) => [path.slice(prefix.length + 1), bytes]),
  );
  mkdirSync(folder, { recursive: true });
  const gone = filesBelow(folder).filter((name) => !blobs.has(name));
  for (const name of gone) rmSync(join(folder, name), { force: true });
  let added = 0;
  for (const [name, bytes] of blobs) {
    const file = join(folder, name);
    const same = existsSync(file) && statSync(file).size === bytes;
    if (same) continue;
    const content = await store.bytes(`${prefix}/${name}`);
    if (content === null) continue;
    writeWhole(file, `${folder}.partial`, content);
    added += 1;
  }
  return { added, removed: gone.length, files: blobs.size };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function writeWhole(file: string, partial: string, content: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(partial, content);
  renameSync(partial, file);
}
