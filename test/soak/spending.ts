import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAzure } from '../../azure/connection.js';
import { BerthaClient } from '../../client.js';
import { table } from '../../cli/table.js';
import type { RunConfig } from '../../domain/config.js';
import { killStack } from '../../stack/recorded.js';
import { type Stack, startStack } from '../../stack/stack.js';
import { temporalTarget } from '../../temporal/connection.js';
import { smallConfig, smallDump } from '../e2e/small-config.js';
import { type Finding, untilNothingRuns, untilTold, untilSubmitted, whatItSpent } from './spending/measure.js';

const STACK = 'soak-spending';
/** The budget as seconds of the nodes, and the price that makes it one: 2 nodes at 36 an hour are 0.02 a second. */
const BUDGET_SECONDS = 75;
const PRICE = 36;
const BUDGET = (BUDGET_SECONDS * 2 * PRICE) / 3_600;

/** For the list of soaks. */
export const about = 'real runs whose budget is too small, with and without anybody who watches; holds that it is kept';

/**
 * Three runs on the local stack, one after the other, each with a budget for `BUDGET_SECONDS` of its nodes: one that is watched; one whose worker
 * and Temporal are killed for good once its trainer was told how long it may spend; one where that happens before. Prints what each held.
 * @returns exit code
 */
export async function main(): Promise<number> {
  const stack = await startStack({ name: STACK, fresh: true, onProgress: console.log });
  process.once('SIGINT', () => {
    killStack(stack.places);
    process.exit(130);
  });
  process.env['BERTHA_CLOUDS_DIR'] = stack.places.folder;
  mkdirSync(stack.places.folder, { recursive: true });
  const dump = join(stack.places.folder, 'dump.xml');
  writeFileSync(dump, smallDump());
  try {
    const findings = [
      await watched(dump),
      await leftAlone(stack, configOf('left-alone', dump), 'told'),
      await leftAlone(stack, configOf('left-early', dump), 'untold'),
    ];
    const head = ['run', 'held nodes', 'budget pays for', 'left alone', 'ended', 'how'];
    console.log(table([head, ...findings.map(({ cells }) => cells)]).join('\n'));
    for (const { run, broken } of findings) if (broken !== null) console.log(`BROKEN: ${run}: ${broken}`);
    return findings.every(({ broken }) => broken === null) ? 0 : 1;
  } finally {
    await stack.stop();
  }
}

/** More steps than the budget pays for. */
function configOf(name: string, dump: string): RunConfig {
  const config = smallConfig(name, dump);
  return {
    ...config,
    phases: config.phases.slice(0, 1).map((phase) => ({ ...phase, steps: 20_000 })),
    checkpoints: { ...config.checkpoints, everySteps: undefined, everySeconds: 5 },
    stopping: { ...config.stopping, checkpointSeconds: 10, apartSeconds: 5 },
    cost: { currency: 'USD', pricePerNodeHour: PRICE, budget: BUDGET },
  };
}

/** The run saves and ends by itself, proves it, and says what it spent; half and four fifths of the budget were told before. */
async function watched(dump: string): Promise<Finding> {
  const config = configOf('watched', dump);
  const client = await BerthaClient.connect(temporalTarget(STACK));
  try {
    await client.startRun(config);
    const because = await client.result(config.name).then(
      () => 'completed',
      (error: Error) => String((error.cause as Error | undefined)?.message ?? error.message),
    );
    const spent = await whatItSpent(connectAzure(config.azure), config, { seconds: BUDGET_SECONDS, leftAt: null });
    const said = /budget/.test(because) ? null : `it ended otherwise: ${because}`;
    return { ...spent, broken: spent.broken ?? said };
  } finally {
    await client.close();
  }
}

/**
 * Kills whoever supervises once the trainer of the run was told until when it may spend, or before; waits until nothing runs, and brings them
 * back: then the run knows what is spent and submits nothing more.
 */
async function leftAlone(stack: Stack, config: RunConfig, when: 'told' | 'untold'): Promise<Finding> {
  const azure = connectAzure(config.azure);
  const client = await BerthaClient.connect(temporalTarget(STACK));
  try {
    await client.startRun(config);
    await (when === 'told' ? untilTold(azure, config) : untilSubmitted(azure, config));
    await Promise.all([stack.kill('worker'), stack.kill('temporal')]);
    const leftAt = Date.now();
    console.log(`${config.name}: worker and Temporal are killed, the trainer is ${when}`);
    await untilNothingRuns(azure, config);
    const alone = await whatItSpent(azure, config, { seconds: BUDGET_SECONDS, leftAt });
    await stack.revive('temporal');
    await stack.startWorker();
    const outcome = await client.result(config.name).then(
      () => 'completed',
      () => 'failed',
    );
    const after = await whatItSpent(azure, config, { seconds: BUDGET_SECONDS, leftAt });
    const further = after.jobs > alone.jobs ? `${after.jobs - alone.jobs} further jobs when they came back` : null;
    return { ...alone, broken: alone.broken ?? further ?? (outcome === 'failed' ? null : `it ${outcome}`) };
  } finally {
    await client.close();
  }
}
