import { requestsThrottled } from '../faults/kinds.js';
import { Fault } from '../http/fault.js';
import type { Interceptor } from '../http/interceptor.js';
import type { Operation, Taken } from './limits.js';

const SINGULAR = { reads: 'read', writes: 'write', deletes: 'delete' } as const;

/**
 * ARM's request limits: every answer of the management plane says what is left of them, and a call beyond them is refused
 * with 429 and Retry-After. It stands behind the check of tokens, for it counts by principal.
 */
export const rateLimits: Interceptor = async (call, next) => {
  const { limits, options } = call.world;
  if (call.route.guard !== 'arm' || call.principal === null) return next();
  const operation = operationOf(call.method);
  const taken = limits.take(call.principal, operation);
  if (!limits.enforced) return next();
  const remaining = headersOf(operation, taken);
  if (!taken.granted) {
    const { status, message, body, headers } = requestsThrottled(
      SINGULAR[operation],
      options.subscription,
      call.principal,
      taken.retryAfter,
    );
    throw new Fault(status, message, body, { ...headers, ...remaining });
  }
  try {
    const reply = await next();
    return { ...reply, headers: { ...remaining, ...reply.headers } };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(error.status, error.message, error.body, { ...remaining, ...error.headers });
  }
};

function operationOf(method: string): Operation {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}

// As recorded since 2024: the principal's own and the one of all, for the operation that was called.
function headersOf(operation: Operation, { left }: Taken): Record<string, string> {
  return {
    [`x-ms-ratelimit-remaining-subscription-${operation}`]: String(left.own),
    [`x-ms-ratelimit-remaining-subscription-global-${operation}`]: String(left.together),
  };
}
