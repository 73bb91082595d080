import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What tells one state of a file from another. */
export interface Signature {
  bytes: number;
  /** Nanoseconds. */
  modified: bigint;
  /** Nanoseconds of the last change as the system saw it; nobody can set it. */
  changed: bigint;
  inode: bigint;
}

/** Files and folders below a root, by path with slashes relative to it. */
export interface Tree {
  files: Map<string, Signature>;
  folders: string[];
}

/** Looks at everything below a root. What vanishes while it looks is left out. */
export async function readTree(root: string): Promise<Tree> {
  const tree: Tree = { files: new Map(), folders: [] };
  await readFolder(root, '', tree);
  return tree;
}

/** The state of one file; undefined when it is gone. */
export async function signatureOf(path: string): Promise<Signature | undefined> {
  try {
    const stats = await stat(path, { bigint: true });
    if (!stats.isFile()) return undefined;
    return { bytes: Number(stats.size), modified: stats.mtimeNs, changed: stats.ctimeNs, inode: stats.ino };
  } catch {
    return undefined;
  }
}

/** Whether a file's content can be taken to be the same. */
export function sameContent(left: Signature | undefined, right: Signature | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.bytes === right.bytes && left.modified === right.modified && left.inode === right.inode;
}

async function readFolder(root: string, folder: string, tree: Tree): Promise<void> {
  tree.folders.push(folder);
  for (const entry of await entriesOf(join(root, folder))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      await readFolder(root, path, tree);
      continue;
    }
    const signature = await signatureOf(join(root, path));
    if (signature !== undefined) tree.files.set(path, signature);
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
