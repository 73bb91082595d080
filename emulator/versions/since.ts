import type { Call } from '../http/route.js';

/** Whether a call speaks an api-version of that day or later: for what changed with the service and is no member of a model. */
export function speaksSince(call: Call, day: string): boolean {
  return (call.query.get('api-version') ?? '').slice(0, day.length) >= day;
}
