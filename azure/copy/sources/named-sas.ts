import { readFileSync } from 'node:fs';
import { AzureError } from '../../errors.js';

/**
 * Reads a secret by the name of its environment variable; where `<name>_FILE` is set instead, the file it names is read, anew each time, so
 * that who renews a SAS need not restart the worker.
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

/** The SAS in an environment variable, without a leading `?`. @throws AzureError where it has expired: it must be renewed by who made it */
export function namedSas(name: string, now: number, env: NodeJS.ProcessEnv = process.env): string {
  const sas = namedSecret(name, 'the SAS of the source', env).replace(/^\?/, '');
  const expiry = new URLSearchParams(sas).get('se');
  if (expiry === null || !(Date.parse(expiry) <= now)) return sas;
  throw new AzureError(
    'unauthorized',
    `the SAS in ${name} expired at ${expiry}; put a new one into the file that ${name}_FILE names, or set ${name} and start the worker again`,
  );
}

function contentOf(file: string, name: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AzureError('unauthorized', `${what}: the file that ${name}_FILE names cannot be read`, { cause });
  }
}
