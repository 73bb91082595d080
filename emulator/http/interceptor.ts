import type { Call, Reply } from './route.js';

/**
 * Something between the wire and a route: it may answer itself, wait, change what goes in or out, or throw a Fault.
 * Interceptors stand in one row, the first outermost; `server.ts` names them.
 */
export type Interceptor = (call: Call, next: () => Promise<Reply>) => Promise<Reply>;

/** Puts interceptors around a handler. */
export function intercepted(
  interceptors: readonly Interceptor[],
  call: Call,
  handle: () => Promise<Reply>,
): Promise<Reply> {
  let next = handle;
  for (const interceptor of interceptors.toReversed()) {
    const inner = next;
    next = () => interceptor(call, inner);
  }
  return next();
}
