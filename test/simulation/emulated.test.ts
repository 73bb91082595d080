import assert from 'node:assert/strict';
import { Emulated } from './emulated/layer.js';
import { generate } from './generate.js';
import type { Played } from './pure/play.js';

/**
 * Short ones of the 50 that `npm run soak -- faults` plays here: 25 is canceled while the storage is away, 9 loses nodes, checkpoints and capacity,
 * 42 is preempted in every way there is.
 */
const SEEDS = [25, 9, 42];

describe('simulation: fault schedules on the emulator', function () {
  this.timeout(480_000);
  const layer = new Emulated('faults-test', SEEDS.length);
  const played = new Map<number, Played>();

  before(async () => {
    for (const one of await Promise.all(SEEDS.map((seed) => layer.play(generate(seed))))) played.set(one.seed, one);
  });
  after(() => layer.close());

  for (const seed of SEEDS)
    it(`seed ${seed} through the whole product breaks no invariant and ends as the pure decisions have it`, () => {
      const { breaches, struck, note } = played.get(seed)!;
      assert.deepEqual(breaches, [], note);
      assert.ok(struck.size > 0, 'no fault found what it strikes');
    });

  it('names what it had to leave out or to play otherwise', () => {
    assert.match(layer.remarks().join('\n'), /left out.*: .*\nplayed otherwise.*: .*shortened/);
  });
});
