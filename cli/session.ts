import type { BerthaClient, RunView } from '../client.js';
import type { TemporalTarget } from '../temporal/connection.js';
import type { Call } from './call.js';
import { Failure } from './failure.js';

/**
 * Connects to Temporal, does the work, closes the connection. The client is loaded here, so that `--help` need not wait for it.
 * @param target where Temporal is; absent: the environment, then the local stack of the call
 * @throws Failure noServer
 */
export async function withClient<T>(
  call: Call,
  work: (client: BerthaClient) => Promise<T>,
  target?: TemporalTarget,
): Promise<T> {
  const client = await connect(call, target ?? (await targetOf(call)));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Where Temporal is for this call. @throws Failure noServer where nothing is configured, usage where a profile cannot be read */
export async function targetOf(call: Call): Promise<TemporalTarget> {
  const { NoTemporalError, temporalTarget } = await import('../temporal/connection.js');
  try {
    return temporalTarget(call.stack);
  } catch (cause) {
    if (!(cause instanceof NoTemporalError)) throw cause;
    const profileIsBroken = cause.cause !== undefined;
    if (profileIsBroken) throw new Failure('usage', cause.message.split('\n')[0] ?? '', { cause });
    const both = `no Temporal server is configured and the local stack "${call.stack}" is not up`;
    throw new Failure(
      'noServer',
      `${both}; start it with: ${call.command('up')}, or set TEMPORAL_ADDRESS (or a profile in temporal.toml)`,
      { cause },
    );
  }
}

async function connect(call: Call, target: TemporalTarget): Promise<BerthaClient> {
  const { BerthaClient } = await import('../client.js');
  try {
    return await BerthaClient.connect(target);
  } catch (cause) {
    throw new Failure('noServer', serverIsDown(call, target), { cause });
  }
}

/** One sentence for a server that was configured and does not answer. */
export function serverIsDown(call: Call, target: TemporalTarget): string {
  const hint =
    target.from === 'environment'
      ? 'check TEMPORAL_ADDRESS (or the profile in temporal.toml), its TLS and its API key'
      : `the local stack "${call.stack}" has stopped; start it again with: ${call.command('up')}`;
  return `no Temporal server answers at ${target.address}; ${hint}`;
}

/** @throws Failure noSuchRun */
export async function findRun(client: BerthaClient, run: string): Promise<RunView> {
  const { RunError } = await import('../client.js');
  try {
    return await client.getRun(run);
  } catch (cause) {
    if (cause instanceof RunError) throw new Failure('noSuchRun', cause.message, { cause });
    throw cause;
  }
}
