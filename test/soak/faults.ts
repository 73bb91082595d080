import { readFileSync } from 'node:fs';
import { generate } from '../simulation/generate.js';
import { pure } from '../simulation/layers.js';
import { type Played, play } from '../simulation/pure/play.js';
import type { Schedule } from '../simulation/schedule.js';
import { shrink } from '../simulation/shrink.js';
import { Tally } from '../simulation/tally.js';

const USAGE = 'npm run soak -- faults [--seeds N] [--from SEED] | --schedule FILE';
/** Broken schedules that are told in full; more of them rarely tell more. */
const TOLD = 5;

/**
 * Fault schedules from seeds, through the pure decisions on a simulated workspace with a virtual clock: prints the invariants with counts and,
 * for a broken one, the seed and the shortened schedule, which `--schedule FILE` replays. @returns exit code
 */
export async function main(args: string[]): Promise<number> {
  const options = parse(args);
  if (typeof options === 'string') {
    console.error(`${options}; usage: ${USAGE}`);
    return 1;
  }
  const tally = new Tally();
  const broken: Schedule[] = [];
  const start = performance.now();
  for (const schedule of options) {
    const played = await pure.play(schedule);
    tally.add(played);
    if (played.breaches.length === 0) continue;
    broken.push(schedule);
    if (broken.length <= TOLD) tell(schedule, played);
  }
  for (const line of tally.lines()) console.log(line);
  console.log(
    `layer ${pure.name}: ${((performance.now() - start) / 1000).toFixed(1)} s, ${broken.length} broken schedules`,
  );
  return broken.length === 0 ? 0 : 1;
}

function tell(schedule: Schedule, { breaches }: Played): void {
  const first = breaches[0];
  if (first === undefined) return;
  console.log(`BROKEN: seed ${schedule.seed}: ${first.invariant}, at ${first.at} s: ${first.what}`);
  const breaksTheSame = (shorter: Schedule) =>
    play(shorter).breaches.some(({ invariant }) => invariant === first.invariant);
  const short = shrink(schedule, breaksTheSame);
  console.log(`  replay with: npm run soak -- faults --seeds 1 --from ${schedule.seed}`);
  console.log(
    `  shortened from ${schedule.faults.length} to ${short.faults.length} faults; replay with --schedule FILE of this line:`,
  );
  console.log(`  ${JSON.stringify(short)}`);
}

/** The schedules that are asked for, or what is wrong with the words. */
function parse(args: readonly string[]): Iterable<Schedule> | string {
  const values = new Map<string, string>();
  for (let index = 0; index < args.length; index += 2) values.set(args[index] ?? '', args[index + 1] ?? '');
  const unknown = [...values.keys()].find((name) => !['--seeds', '--from', '--schedule'].includes(name));
  if (unknown !== undefined) return `${unknown} is not known`;
  const file = values.get('--schedule');
  if (file !== undefined) return fromFile(file);
  const seeds = Number(values.get('--seeds') ?? 10_000);
  const from = Number(values.get('--from') ?? 1);
  if (!Number.isInteger(seeds) || seeds < 1) return `--seeds ${values.get('--seeds')} is not a whole number from 1`;
  if (!Number.isInteger(from) || from < 0) return `--from ${values.get('--from')} is not a whole number`;
  return fromSeeds(from, seeds);
}

function* fromSeeds(from: number, seeds: number): Iterable<Schedule> {
  for (let seed = from; seed < from + seeds; seed++) yield generate(seed);
}

function fromFile(file: string): Iterable<Schedule> | string {
  try {
    return [JSON.parse(readFileSync(file, 'utf8')) as Schedule];
  } catch (error) {
    return `--schedule ${file} cannot be read as JSON (${error instanceof Error ? error.message : String(error)})`;
  }
}
