import type { BerthaClient } from '../../client.js';
import type { RunConfig } from '../../domain/config.js';
import type { RunReport } from '../../domain/report.js';
import type { Stack } from '../../stack/stack.js';
import type { TemporalTarget } from '../../temporal/connection.js';
import type { Call } from '../call.js';
import { Follower } from '../follow.js';
import type { Interrupt } from '../interrupt.js';
import { withClient } from '../session.js';
import { viewFor } from '../view/view.js';
import { codeOf, printReport } from '../watch.js';
import { keepWhole } from './keep-whole.js';
import { makeOldShards } from './old-recipe.js';
import { cancelAndProve } from './prove-canceled.js';

/** What a demo runs on. */
export interface Demo {
  readonly call: Call;
  readonly stack: Stack;
  readonly config: RunConfig;
  readonly interrupt: Interrupt;
}

export interface DemoEnd {
  readonly code: number;
  readonly report: RunReport | null;
}

/** Runs a config on the stack while a person looks on. */
export async function runDemo({ call, stack, config, interrupt }: Demo): Promise<DemoEnd> {
  return onStack(call, stack, async (client) => {
    await makeOldShards(config, call);
    const run = await client.startRun(config);
    const view = viewFor(call);
    const follower = new Follower(call);
    try {
      const check = keepWhole(stack, view);
      const seen = await follower.follow({ client, run, view, signal: interrupt.signal, check });
      if (interrupt.signal.aborted) return { code: await cancelAndProve(client, run, view, follower), report: null };
      view.end();
      return { code: codeOf(seen), report: await printReport(call, client, run) };
    } finally {
      view.end();
    }
  });
}

/** The client of the Temporal server of a stack, whatever the environment says. */
export function onStack<T>(call: Call, stack: Stack, work: (client: BerthaClient) => Promise<T>): Promise<T> {
  process.env['BERTHA_CLOUDS_DIR'] = stack.places.folder;
  const target: TemporalTarget = {
    address: stack.temporalAddress,
    namespace: 'default',
    options: {},
    from: 'local stack',
  };
  return withClient(call, work, target);
}
