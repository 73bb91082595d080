import assert from 'node:assert/strict';
import { generate } from './generate.js';
import { decisions } from './pure/decisions.js';
import { play } from './pure/play.js';
import { type Removed, removed } from './removed.js';
import type { Fault, Schedule } from './schedule.js';

/** What takes more of them to be found has its faults named. */
const SEEDS = 120;

describe('simulation: schedules find out what is missing', function () {
  this.timeout(60_000);
  for (const one of removed)
    it(`without ${one.protection}, "${one.breaks}" breaks`, () => {
      const schedules = one.faults === undefined ? fromSeeds() : [calm(one.faults)];
      assert.ok(isFound(one, schedules));
    });

  it('and nothing breaks in those that name their faults while all is there', () => {
    for (const { protection, faults } of removed)
      if (faults !== undefined) assert.deepEqual(play(calm(faults)).breaches, [], protection);
  });
});

function isFound({ without, breaks }: Removed, schedules: Iterable<Schedule>): boolean {
  for (const schedule of schedules) {
    const { breaches } = play(schedule, { ...decisions, ...without });
    if (breaches.some(({ invariant }) => invariant === breaks)) return true;
  }
  return false;
}

function* fromSeeds(): Iterable<Schedule> {
  for (let seed = 1; seed <= SEEDS; seed++) yield generate(seed);
}

/** Two hours and a half of training in which only these faults come. */
const calm = (faults: readonly Fault[]): Schedule => ({
  ...{ seed: 0, steps: 900, stepSeconds: 10, checkpointSeconds: 300, bootSeconds: 20, pollSeconds: 30 },
  ...{ ownsCluster: true, resumesInPlace: true, poison: [], faults },
});
