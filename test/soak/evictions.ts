import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BlobContainer } from '../../azure/blob.js';
import { connectAzure } from '../../azure/connection.js';
import { BerthaClient, type RunReport } from '../../client.js';
import { table } from '../../cli/table.js';
import type { RunConfig } from '../../domain/config.js';
import { bertha } from '../../installation.js';
import { killStack } from '../../stack/recorded.js';
import { startStack } from '../../stack/stack.js';
import { tools } from '../../stack/places.js';
import { temporalTarget } from '../../temporal/connection.js';
import { smallConfig, smallDump } from '../e2e/small-config.js';
import { root } from '../house/root.js';

const STACK = 'soak-evictions';
const NODES = 2;
const FEWEST = 6;

/** For the list of soaks. */
export const about =
  'a run whose nodes are taken every 45 s on average; holds that its weights and its curve are those of a run that lost none';

interface Options {
  readonly seed: number;
  readonly steps: number;
  readonly mean: number;
  /** Where the picture of the curve goes. */
  readonly png: string;
}

/**
 * One run on a cluster whose nodes are taken at random moments, seeded, in all the faces that Azure has for it; then the same on one that loses none:
 * `npm run soak -- evictions [--seed N] [--steps N] [--mean SECONDS] [--png FILE]`. @returns exit code
 */
export async function main(args: string[]): Promise<number> {
  const options = parsed(args);
  const scenario = bertha('soak-evictions.scenario.yaml');
  mkdirSync(dirname(scenario), { recursive: true });
  const eviction = `{ kind: random, cluster: evicted, meanSecondsPerNode: ${options.mean * NODES}, face: mixed }`;
  writeFileSync(scenario, `seed: ${options.seed}\nevictions:\n  - ${eviction}\n`);
  const stack = await startStack({ name: STACK, fresh: true, scenario, onProgress: console.log });
  process.once('SIGINT', () => {
    killStack(stack.places);
    process.exit(130);
  });
  process.env['BERTHA_CLOUDS_DIR'] = stack.places.folder;
  const client = await BerthaClient.connect(temporalTarget(STACK));
  try {
    const evicted = await ran(client, configOf('evicted', stack.places.folder, options));
    const calm = await ran(client, configOf('calm', stack.places.folder, options));
    return await account(evicted, calm, options);
  } finally {
    await client.close();
    await stack.stop();
  }
}

interface Ran {
  readonly config: RunConfig;
  readonly store: BlobContainer;
  readonly report: RunReport;
}

function configOf(name: string, folder: string, { steps }: Options): RunConfig {
  const dump = join(folder, 'dump.xml');
  writeFileSync(dump, smallDump());
  const config = smallConfig(name, dump);
  const phases = config.phases.map((phase, index) => (index === 0 ? { ...phase, steps } : phase));
  return { ...config, phases, cluster: { ...config.cluster, name } };
}

async function ran(client: BerthaClient, config: RunConfig): Promise<Ran> {
  await client.startRun(config);
  const report = await client.result(config.name);
  console.log(`${config.name}: ${report.outcome} in ${report.seconds.wall.toFixed(0)} s`);
  const store = connectAzure(config.azure).container(config.storage.account, config.storage.container);
  return { config, store, report };
}

async function account(evicted: Ran, calm: Ran, options: Options): Promise<number> {
  const starts = await startsOf(evicted);
  const rows = evicted.report.phases.flatMap(({ name, attempts }) =>
    attempts.map((one) => [name, one.job, one.ending ?? '-', `${one.resumedFromStep ?? 0}`, `${one.lastStep ?? '-'}`]),
  );
  for (const line of table([['phase', 'job', 'ending', 'from', 'to'], ...rows], [3, 4])) console.log(line);
  const lost = starts - evicted.report.phases.length;
  const [one, other] = [await weightsOf(evicted), await weightsOf(calm)];
  const isOneLine = drawn(await curvesOf(evicted), await curvesOf(calm), options.png);
  const holds = lost >= FEWEST && one === other && isOneLine;
  console.log(
    `seed ${options.seed}: ${starts} starts of the trainer, ${lost} of them for an eviction; weights ${one.slice(0, 12)} and ${other.slice(0, 12)}, ${one === other ? 'equal' : 'DIFFERENT'}; the curve is ${isOneLine ? 'one line' : 'BROKEN'}: ${holds ? 'holds' : 'BROKEN'}`,
  );
  return holds ? 0 : 1;
}

/** Incarnations of all attempts: also those that Azure started again in place. */
async function startsOf({ store, report }: Ran): Promise<number> {
  let starts = 0;
  for (const { name, attempts } of report.phases)
    for (const { job } of attempts) {
      const attempt = `runs/${report.run}/${name}/attempts/${job.slice(-4)}`;
      starts += (await store.folders(attempt)).length;
    }
  return starts;
}

async function weightsOf({ store, report }: Ran): Promise<string> {
  return (await store.sha256(`${report.model?.path ?? ''}/model.safetensors`)).sha256;
}

/** @returns a folder with the run's TensorBoard files */
async function curvesOf({ store, config }: Ran): Promise<string> {
  const folder = bertha('soak-evictions', config.name);
  rmSync(folder, { recursive: true, force: true });
  for (const blob of await store.list(`runs/${config.name}/tensorboard/`)) {
    const file = join(folder, basename(dirname(blob.path)), basename(blob.path));
    mkdirSync(dirname(file), { recursive: true });
    await store.download(blob.path, file);
  }
  return folder;
}

/** Whether TensorBoard's own reader finds every step once, with the loss of the run that lost nothing; draws both. */
function drawn(evicted: string, calm: string, png: string): boolean {
  const script = join(root, 'test', 'soak', 'evictions', 'curve.py');
  const answer = execFileSync(tools().python, ['-B', script, evicted, calm, png], { encoding: 'utf8' });
  console.log(answer.trim());
  return answer.trim().endsWith('one line');
}

function parsed(args: string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { seed: text, steps: text, mean: text, png: text } });
  const whole = (name: 'seed' | 'steps' | 'mean', otherwise: number) => {
    const value = Number(values[name] ?? otherwise);
    if (Number.isInteger(value) && value > 0) return value;
    throw new Error(`--${name} ${values[name]} is no whole number above 0`);
  };
  const png = values.png ?? bertha('soak-evictions.png');
  return { seed: whole('seed', 1), steps: whole('steps', 3000), mean: whole('mean', 45), png };
}
