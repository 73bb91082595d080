import { param, type Call } from '../http/route.js';
import { refusal } from './refusal.js';

/** Words that stand for whatever tenant a person signs in to; a service principal belongs to one and cannot use them. */
const SHARED = ['common', 'organizations', 'consumers'];

/** Whether the path names no tenant in particular. */
export function isShared(tenant: string): boolean {
  return SHARED.includes(tenant.toLowerCase());
}

/**
 * The tenant in the path as the caller wrote it.
 *
 * @throws Fault 400 for any but ours and the shared words
 */
export function knownTenant(call: Call): string {
  const asked = param(call, 'tenant');
  if (isShared(asked) || asked.toLowerCase() === call.world.options.tenant.toLowerCase()) return asked;
  throw refusal(call, {
    status: 400,
    error: 'invalid_tenant',
    code: 90002,
    message: `Tenant '${asked}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  });
}
