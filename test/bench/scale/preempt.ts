import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../house/random.js';
import { Samples } from '../harness/samples.js';
import { PHASE, SHORT_SEGMENTS, indexOf, runName } from './config.js';
import { follow } from './runs.js';
import type { Stage } from './stage.js';
import type { Trainers } from './trainers.js';

const PATIENCE_SECONDS = 300;
const jobOf = (run: string, attempt: number) => `${run}-${PHASE}-a00${attempt}`;

/** What came of taking nodes away without a word. */
export interface Preempted {
  readonly count: number;
  /** Seconds from the loss of the node to the next job, as Azure knows it. */
  readonly delays: Samples;
}

/** Takes the nodes of some runs away, evenly over so many seconds, and waits for their next jobs. */
export async function preemptSome(
  stage: Stage,
  trainers: Trainers,
  { runs, count, overSeconds }: { runs: number; count: number; overSeconds: number },
): Promise<Preempted> {
  const lost = new Map<string, number>();
  for (const index of drawn(runs, count)) {
    const run = runName(index);
    await stage.emulator.evict(jobOf(run, 1));
    lost.set(run, Date.now());
    await sleep((overSeconds * 1000) / count);
  }
  const until = Date.now() + PATIENCE_SECONDS * 1000;
  const delays = new Map<string, number>();
  while (delays.size < lost.size && Date.now() < until) {
    for (const { name, createdAt } of await follow(stage, trainers)) {
      const run = runName(indexOf(name));
      const at = lost.get(run);
      if (at !== undefined && name === jobOf(run, 2)) delays.set(run, (createdAt - at) / 1000);
    }
    await sleep(2_000);
  }
  return { count: lost.size, delays: Samples.of(delays.values()) };
}

/** Different runs, by chance and the same each time; not those that are counted for their events. */
function drawn(runs: number, count: number): number[] {
  const draw = seeded(6);
  const left = Array.from({ length: runs - SHORT_SEGMENTS }, (_, index) => SHORT_SEGMENTS + index);
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(Math.floor(draw() * left.length), 1)[0] ?? 0,
  );
}
