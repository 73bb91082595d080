import type { BerthaClient, DataAction } from '../../client.js';
import type { DataConfig } from '../../domain/config-data-file.js';
import type { Call } from '../call.js';
import { Failure } from '../failure.js';
import { type Interrupt, listenForInterrupt } from '../interrupt.js';
import { withStack } from '../local-stack.js';
import { requireFit } from './fit.js';
import { targetOf, withClient } from '../session.js';

/** What a subverb of `data` works with. */
export interface DataSession {
  readonly client: BerthaClient;
  readonly config: DataConfig;
  readonly interrupt: Interrupt;
  /** Whether the servers were started for this call, and end with it. */
  readonly isAlone: boolean;
}

/** What it does; returns the exit code. */
export type DataWorkOf = (session: DataSession) => Promise<number>;

/** Reads the config, refuses what it is none for, and connects: to the Temporal server that is configured or up, else to a local stack that lives as long as the work. */
export async function withData(
  call: Call,
  { action, file }: { readonly action: DataAction | 'show'; readonly file: string },
  work: DataWorkOf,
): Promise<number> {
  const config = await readDataConfig(file);
  requireFit(call, action, config, file);
  const interrupt = listenForInterrupt();
  const connected = (isAlone: boolean) => withClient(call, (client) => work({ client, config, interrupt, isAlone }));
  try {
    if (await isReachable(call)) return await connected(false);
    const options = { name: call.stack, fresh: false, onProgress: call.note };
    call.note(
      `no Temporal server is configured or up: starting the local stack "${call.stack}" for as long as this takes ...`,
    );
    return await withStack(options, interrupt, () => connected(true));
  } finally {
    interrupt.release();
  }
}

export async function readDataConfig(file: string): Promise<DataConfig> {
  const [{ ConfigError }, { loadDataConfig }] = await Promise.all([
    import('../../recipes/load.js'),
    import('../../recipes/load-data.js'),
  ]);
  try {
    return loadDataConfig(file);
  } catch (cause) {
    if (cause instanceof ConfigError) throw new Failure('usage', cause.message, { cause });
    throw cause;
  }
}

/** A server that the environment names is the person's business, whether it answers or not. */
async function isReachable(call: Call): Promise<boolean> {
  try {
    const target = await targetOf(call);
    if (target.from === 'environment') return true;
    return await withClient(call, () => Promise.resolve(true), target);
  } catch (error) {
    if (error instanceof Failure && error.exit === 'noServer') return false;
    throw error;
  }
}
