import { createHash, timingSafeEqual } from 'node:crypto';

import { PERSON_ID, type EmulatorOptions } from '../options.js';

/**
 * What a service principal may do in the workspace: everything, read, or nothing at all.
 * `contributor` stands for any role that may write, such as AzureML Data Scientist.
 */
export const ROLES = ['contributor', 'reader', 'none'] as const;
export type Role = (typeof ROLES)[number];

/** A service principal that may ask for tokens. */
export interface Principal {
  /** Its application (client) id. */
  clientId: string;
  /** null: any secret is taken. */
  secret: string | null;
  role: Role;
}

/** The service principal of an application id; the one that `--client-id` names is a contributor. Undefined for a stranger. */
export function findPrincipal(
  options: Pick<EmulatorOptions, 'clientId' | 'clientSecret' | 'principals'>,
  clientId: string,
): Principal | undefined {
  const owner: Principal = { clientId: options.clientId, secret: options.clientSecret, role: 'contributor' };
  return [owner, ...options.principals].find((each) => each.clientId.toLowerCase() === clientId.toLowerCase());
}

/** Object id of a service principal: another than its application id, as in Entra, and the same at every start. */
export function objectIdOf(options: Pick<EmulatorOptions, 'clientId'>, clientId: string): string {
  if (clientId.toLowerCase() === options.clientId.toLowerCase()) return PERSON_ID;
  const hash = createHash('sha256').update(`object of ${clientId.toLowerCase()}`).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** Whether a secret is the principal's; told in the same time whatever it is. */
export function secretFits(principal: Principal, given: string): boolean {
  if (principal.secret === null) return true;
  const [left, right] = [given, principal.secret].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
