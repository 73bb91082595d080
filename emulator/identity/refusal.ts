import { randomUUID } from 'node:crypto';

import { Fault } from '../http/fault.js';
import type { Call } from '../http/route.js';

/** Why Entra refuses a request: the OAuth error, the number behind AADSTS, and the sentence. */
export interface Refusal {
  status: number;
  error: string;
  code: number;
  message: string;
}

/** The answer of the token endpoint to a request that it refuses. */
export function refusal(call: Call, { status, error, code, message }: Refusal): Fault {
  const time = call.world.clock.now().toISOString().slice(0, 19).replace('T', ' ') + 'Z';
  const [trace, correlation] = [randomUUID(), randomUUID()];
  return new Fault(status, message, () => ({
    error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${time}`,
    error_codes: [code],
    timestamp: time,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `${call.site.login}/error?code=${code}`,
  }));
}
