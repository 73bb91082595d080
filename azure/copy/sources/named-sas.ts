import { AzureError } from '../../errors.js';
import { namedSecret } from '../../secret.js';

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
