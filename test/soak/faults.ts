import { readFileSync } from 'node:fs';
import { listenForInterrupt } from '../../cli/interrupt.js';
import { generate } from '../simulation/generate.js';
import { type Layer, layers } from '../simulation/layers.js';
import { type Played, threw } from '../simulation/pure/play.js';
import type { Schedule } from '../simulation/schedule.js';
import { shrink } from '../simulation/shrink.js';
import { Tally } from '../simulation/tally.js';

const USAGE = 'npm run soak -- faults [--seeds N] [--from SEED] [--layer NAME] | --schedule FILE [--layer NAME]';
/** Broken schedules that are told in full; more of them rarely tell more. */
const TOLD = 5;
const PROGRESS_MS = 15_000;
const LAST_WORDS_MS = 5_000;

/** For the list of soaks. */
export const about = 'seeded fault schedules, by pure decisions and on real servers; holds that no invariant breaks';

/**
 * Fault schedules from seeds, played by every layer that is there: prints the invariants with counts and, for a broken one, the seed and the
 * shortened schedule, which `--schedule FILE` replays. @returns exit code: 1 after any breach or missed bar
 */
export async function main(args: string[]): Promise<number> {
  const options = parse(args);
  if (typeof options === 'string') {
    console.error(`${options}; usage: ${USAGE}`);
    return 1;
  }
  const holds: boolean[] = [];
  const interrupt = listenForInterrupt();
  interrupt.signal.addEventListener('abort', () => void leave(options.layers));
  for (const layer of options.layers) holds.push(await playAll(layer, options));
  const code = holds.every(Boolean) ? 0 : 1;
  // A worker of a server that stalled may never come to its end and would keep the process.
  setTimeout(() => process.exit(code), LAST_WORDS_MS).unref();
  return code;
}

/** Who ends the soak early ends with it every server and worker that it started. */
async function leave(layers: readonly Layer[]): Promise<never> {
  console.log('interrupted: ending what was started');
  await Promise.all(layers.map((layer) => layer.close()));
  process.exit(130);
}

interface Options {
  readonly layers: readonly Layer[];
  readonly count: number;
  /** The schedule at a place of the series. */
  readonly scheduleAt: (index: number) => Schedule;
}

async function playAll(layer: Layer, { count, scheduleAt }: Options): Promise<boolean> {
  const total = layer.count(count);
  const why = layer.isThere();
  console.log(`\n=== ${layer.name} ===`);
  if (why !== null) {
    console.log(`SKIPPED: ${total} schedules are not played: ${why}`);
    return true;
  }
  const tally = new Tally();
  const start = performance.now();
  let broken = 0;
  try {
    let told = start;
    let begun = 0;
    let done = 0;
    const playOneByOne = async () => {
      while (begun < total) {
        const schedule = scheduleAt(begun++);
        const played = await safely(layer, schedule);
        done++;
        tally.add(played);
        if (played.note !== undefined) console.log(played.note);
        if (played.breaches.length > 0 && ++broken <= TOLD) await tell(layer, schedule, played);
        if (performance.now() - told < PROGRESS_MS) continue;
        told = performance.now();
        console.log(`${done} of ${total} schedules, ${broken} broken`);
      }
    };
    await Promise.all(Array.from({ length: layer.atOnce ?? 1 }, playOneByOne));
  } finally {
    await layer.close();
  }
  for (const line of [...tally.lines(), ...(layer.remarks?.() ?? [])]) console.log(line);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${layer.name}: ${total} schedules in ${seconds} s, ${broken} broken: ${tally.holds ? 'holds' : 'BROKEN'}`,
  );
  return tally.holds;
}

/** A player that falls over has broken its schedule too. */
async function safely(layer: Layer, schedule: Schedule): Promise<Played> {
  try {
    return await layer.play(schedule);
  } catch (error) {
    return threw(schedule, error);
  }
}

async function tell(layer: Layer, schedule: Schedule, { breaches }: Played): Promise<void> {
  const first = breaches[0];
  if (first === undefined) return;
  const { seed, faults } = schedule;
  console.log(`BROKEN: seed ${seed}: ${first.invariant}, at ${first.at} s: ${first.what}`);
  console.log(`  replay with: npm run soak -- faults --seeds 1 --from ${seed} --layer '${layer.name}'`);
  const breaksTheSame = async (shorter: Schedule) =>
    (await safely(layer, shorter)).breaches.some(({ invariant }) => invariant === first.invariant);
  const short = await shrink(schedule, breaksTheSame, layer.shrinkTries ?? 0);
  const cut =
    faults.length === short.faults.length
      ? `${faults.length} faults`
      : `shortened from ${faults.length} to ${short.faults.length} faults`;
  console.log(`  ${cut}; replay with --schedule FILE of this line:`);
  console.log(`  ${JSON.stringify(short)}`);
}

/** What is asked for, or what is wrong with the words. */
function parse(args: readonly string[]): Options | string {
  const values = new Map<string, string>();
  for (let index = 0; index < args.length; index += 2) values.set(args[index] ?? '', args[index + 1] ?? '');
  const unknown = [...values.keys()].find((name) => !['--seeds', '--from', '--schedule', '--layer'].includes(name));
  if (unknown !== undefined) return `${unknown} is not known`;
  const name = values.get('--layer');
  const chosen = layers.filter((layer) => name === undefined || layer.name === name);
  if (chosen.length === 0)
    return `there is no layer '${name}': choose from ${layers.map((one) => one.name).join(', ')}`;
  const file = values.get('--schedule');
  if (file !== undefined) return fromFile(file, chosen);
  const seeds = Number(values.get('--seeds') ?? 10_000);
  const from = Number(values.get('--from') ?? 1);
  if (!Number.isInteger(seeds) || seeds < 1) return `--seeds ${values.get('--seeds')} is not a whole number from 1`;
  if (!Number.isInteger(from) || from < 0) return `--from ${values.get('--from')} is not a whole number`;
  return { layers: chosen, count: seeds, scheduleAt: (index) => generate(from + index) };
}

function fromFile(file: string, chosen: readonly Layer[]): Options | string {
  try {
    const schedule = JSON.parse(readFileSync(file, 'utf8')) as Schedule;
    return { layers: chosen, count: 1, scheduleAt: () => schedule };
  } catch (error) {
    return `--schedule ${file} cannot be read as JSON (${error instanceof Error ? error.message : String(error)})`;
  }
}
