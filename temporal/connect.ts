import { Connection } from '@temporalio/client';
import type { TemporalTarget } from './connection.js';
import { RunError } from './run-error.js';

/** @throws RunError with one sentence where the server does not answer */
export async function connect({ address, options, from }: TemporalTarget): Promise<Connection> {
  try {
    return await Connection.connect({ address, connectTimeout: '5 seconds', ...(options as object) });
  } catch (cause) {
    const hint =
      from === 'environment'
        ? 'check TEMPORAL_ADDRESS and its TLS or API key'
        : 'start the local stack with: npx bertha up';
    throw new RunError(`no Temporal server answers at ${address}; ${hint}`, { cause });
  }
}
