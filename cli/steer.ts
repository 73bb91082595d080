import { hostname, userInfo } from 'node:os';
import type { Asked, BerthaClient } from '../client.js';
import type { Call } from './call.js';
import { exitCodes } from './exit-codes.js';
import { Failure } from './failure.js';
import { findRun, withClient } from './session.js';

export interface SteerOptions {
  readonly by: string;
}

/** Words of an option for who asks, as commander takes them. */
export const byOption = (): [string, string, string] => [
  '--by <name>',
  'who asks; stands in the events of the run',
  defaultAsker(),
];

/**
 * Carries a command to a run and prints what changes by it.
 * @param send hands the command to the client; called once
 */
export async function steer(
  call: Call,
  { verb, run, by }: { readonly verb: string; readonly run: string; readonly by: string },
  send: (client: BerthaClient, as: Asked) => Promise<string>,
): Promise<number> {
  return withClient(call, async (client) => {
    const { RunError } = await import('../client.js');
    await findRun(client, run);
    try {
      const effect = await send(client, { by });
      call.answer({ type: verb, run, by, effect }, [
        `run ${run}: ${effect}`,
        `follow it with: ${call.command(`show ${run} --watch`)}`,
      ]);
      return exitCodes.ok.code;
    } catch (cause) {
      if (cause instanceof RunError) throw new Failure('failed', cause.message, { cause });
      throw cause;
    }
  });
}

/** A number from the command line. @throws Failure usage */
export function numberOf(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value)) return value;
    throw new Failure('usage', `${option} "${text}" is no number`);
  };
}

function defaultAsker(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A user id that has no name, as in some containers.
    return `somebody@${hostname()}`;
  }
}
