import { resolve } from 'node:path';

/** Folder of the installation: what paths in configs are relative to. The build lies two folders below it. */
export const installation = process.env['BERTHA_HOME'] ?? resolve(import.meta.dirname, '../..');

/** Everything bertha writes on this machine lies below this ignored folder. */
export const bertha = (...parts: string[]) => resolve(installation, '.bertha', ...parts);
