import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../house/root.js';

/** Imports a file of setup/, which is plain JavaScript and outside of what is compiled; the caller says what is in it. */
export async function load<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(join(root, 'setup', file)).href)) as T;
}
