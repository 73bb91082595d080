import assert from 'node:assert/strict';
import { generate } from './generate.js';
import { workflow } from './workflow/layer.js';

const SEEDS = 20;

describe('simulation: fault schedules through the real workflow', function () {
  this.timeout(180_000);
  after(() => workflow.close());

  it(`${SEEDS} schedules break no invariant and come to what the pure decisions come to`, async () => {
    assert.equal(workflow.isThere(), null);
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { breaches } = await workflow.play(generate(seed));
      assert.deepEqual(breaches, [], `seed ${seed}: npm run soak -- faults --seeds 1 --from ${seed}`);
    }
  });
});
