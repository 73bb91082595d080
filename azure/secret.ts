import { readFileSync } from 'node:fs';
import { AzureError } from './errors.js';

/**
 * Reads a secret by the name of its environment variable; where `<name>_FILE` is set, the file it names is read, anew each time, so that who
 * renews the secret need not restart the worker.
 * @param what what it is, in words
 * @throws AzureError with the name, never the secret
 */
export function namedSecret(name: string, what: string, env: NodeJS.ProcessEnv = process.env): string {
  const file = env[`${name}_FILE`];
  const value = (file === undefined ? env[name] : contentOf(file, name, what))?.trim();
  if (value !== undefined && value !== '') return value;
  throw new AzureError(
    'unauthorized',
    `${what} is to be read from ${name}, and the environment of this worker has no ${name}, and no ${name}_FILE either; set one of them`,
  );
}

function contentOf(file: string, name: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AzureError('unauthorized', `${what}: the file that ${name}_FILE names cannot be read`, { cause });
  }
}
