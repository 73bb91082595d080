import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectAzure } from '../../azure/connection.js';
import { BerthaClient, RunError, type RunReport, type RunView } from '../../client.js';
import { table } from '../../cli/table.js';
import { reportPath } from '../../domain/paths.js';
import { killStack } from '../../stack/recorded.js';
import { startStack } from '../../stack/stack.js';
import { temporalTarget } from '../../temporal/connection.js';
import { smallConfig, smallDump } from '../e2e/small-config.js';
import { seeded } from '../house/random.js';
import { type CommandName, commands } from './steering/commands.js';
import { positionOf } from './steering/position.js';
import { type Subject, untilRun } from './steering/subject.js';

const STACK = 'soak-steer';
const COMMANDS_A_ROUND = 3;

/** For the list of soaks. */
export const about = 'commands at random moments of real runs, each held to what it promises: [--seed N] [--rounds N]';

interface Line {
  readonly run: string;
  readonly command: string;
  readonly moment: string;
  readonly seconds: number;
  readonly found: string;
  readonly broken: boolean;
}

/**
 * Runs, one after the other, each given up to three commands at seeded moments: `npm run soak -- steer [--seed N] [--rounds N]`.
 * Runs that came to their end and passed no sample over must end with the same weights. @returns exit code
 */
export async function main(args: string[]): Promise<number> {
  const { seed, rounds } = numbers(args);
  const stack = await startStack({ name: STACK, fresh: true, onProgress: console.log });
  process.once('SIGINT', () => {
    killStack(stack.places);
    process.exit(130);
  });
  process.env['BERTHA_CLOUDS_DIR'] = stack.places.folder;
  const dump = join(stack.places.folder, 'dump.xml');
  mkdirSync(stack.places.folder, { recursive: true });
  writeFileSync(dump, smallDump());
  const client = await BerthaClient.connect(temporalTarget(STACK));
  const lines: Line[] = [];
  const weights = new Map<string, string>();
  try {
    for (let round = 1; round <= rounds; round++) {
      const config = smallConfig(`steer-${seed}-${round}`, dump);
      const azure = connectAzure(config.azure);
      const store = azure.container(config.storage.account, config.storage.container);
      const subject: Subject = { client, azure, store, config, run: config.name, draw: seeded(seed * 1000 + round) };
      lines.push(...(await oneRound(subject, weights)));
    }
  } finally {
    await client.close();
    await stack.stop();
  }
  return account(lines, weights, seed);
}

async function oneRound(subject: Subject, weights: Map<string, string>): Promise<Line[]> {
  const { client, config, run } = subject;
  await client.startRun(config);
  const lines: Line[] = [];
  for (const { name, moment } of drawn(subject.draw)) {
    const before = await untilRun(subject, (view) => positionOf(view) >= moment);
    if (before.state !== 'running') break;
    const line = await give(subject, name, before);
    console.log(
      `${run}: ${name} ${line.moment}: ${line.broken ? 'BROKEN: ' : ''}${line.found} (${line.seconds.toFixed(0)} s)`,
    );
    lines.push(line);
    if (line.broken) break;
  }
  const ended = await untilRun(subject, () => false);
  const wasSteered = lines.map(({ command }) => command);
  const expected = wasSteered.includes('cancel') ? 'canceled' : 'completed';
  if (ended.state !== expected) lines.push({ ...nothing(run), found: `the run ended ${ended.state}`, broken: true });
  if (ended.state === 'completed' && !wasSteered.includes('skip')) weights.set(run, await weightsOf(subject));
  return lines;
}

/** Commands of a round in the order of their moments; a cancel can only be the last. */
function drawn(draw: () => number): { name: CommandName; moment: number }[] {
  const steering = ['pauseAndResume', 'set', 'recover', 'pauseAndResume', 'skip'] as const;
  const moments = Array.from({ length: COMMANDS_A_ROUND }, () => 0.95 * draw()).sort((a, b) => a - b);
  const ends = draw() < 0.4;
  return moments.map((moment, index) => {
    const name = steering[Math.floor(draw() * steering.length)] ?? 'set';
    return { name: ends && index === COMMANDS_A_ROUND - 1 ? 'cancel' : name, moment };
  });
}

async function give(subject: Subject, name: CommandName, before: RunView): Promise<Line> {
  const began = Date.now();
  const { stage, jobName } = before.status ?? {};
  const moment = `${stage ?? 'before anything'}${jobName ? `, ${jobName.slice(-7)} at step ${before.progress?.step ?? '-'}` : ''}`;
  const line = { run: subject.run, command: name, moment };
  const seconds = () => (Date.now() - began) / 1000;
  try {
    return { ...line, found: await commands[name](subject, before), seconds: seconds(), broken: false };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    // A refusal is an answer: the moment was one in which the command means nothing.
    return { ...line, found, seconds: seconds(), broken: !(error instanceof RunError) };
  }
}

async function weightsOf({ store, run }: Subject): Promise<string> {
  const report = (await store.json(reportPath(run, 'json'))) as RunReport | null;
  return (await store.sha256(`${report?.model?.path ?? ''}/model.safetensors`)).sha256;
}

function account(lines: readonly Line[], weights: ReadonlyMap<string, string>, seed: number): number {
  const rows = lines.map(({ run, command, moment, seconds, found, broken }) => [
    run,
    command,
    moment,
    `${seconds.toFixed(1)} s`,
    broken ? 'BROKEN' : 'holds',
    found,
  ]);
  console.log('');
  for (const line of table([['run', 'command', 'when', 'took', '', 'found'], ...rows], [3])) console.log(line);
  const broken = lines.filter((line) => line.broken).length;
  const different = new Set(weights.values()).size;
  const same = different <= 1;
  console.log(
    `\nseed ${seed}: ${lines.length} commands, ${broken} broken; ${weights.size} completed runs of the same samples, ${same ? 'equal weights' : `${different} DIFFERENT weights`}`,
  );
  return broken === 0 && same && lines.length > 0 ? 0 : 1;
}

const nothing = (run: string) => ({ run, command: '-', moment: 'at the end', seconds: 0 });

function numbers(args: string[]): { seed: number; rounds: number } {
  const { values } = parseArgs({ args, options: { seed: { type: 'string' }, rounds: { type: 'string' } } });
  const whole = (name: 'seed' | 'rounds', otherwise: number) => {
    const value = Number(values[name] ?? otherwise);
    if (Number.isInteger(value) && value > 0) return value;
    throw new Error(`--${name} ${values[name]} is no whole number above 0`);
  };
  return { seed: whole('seed', 1), rounds: whole('rounds', 5) };
}
