import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** The sha256 over the given strings, each delimited, as hex. */
export function digest(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}

/** The digest over the contents of files, by full path. A missing file counts as empty. */
export const digestOf = (...paths) => digest(...paths.map((path) => read(path) ?? ''));

/** Whether the stamp file at `path` holds `key`. A stamp lies within what it vouches for, so both vanish together. */
export const isStamped = (path, key) => read(path) === key;

/** Writes the stamp; always the last act of a step. */
export const stamp = (path, key) => writeFileSync(path, key);

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}
