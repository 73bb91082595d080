import assert from 'node:assert/strict';
import { generate } from './generate.js';
import { workflow } from './workflow/layer.js';

/** The soak plays 300. */
const SEEDS = 20;

describe('simulation: fault schedules through the real workflow', function () {
  this.timeout(180_000);
  after(() => workflow.close());

  for (let seed = 1; seed <= SEEDS; seed++)
    it(`schedule ${seed} breaks no invariant and comes to what the pure decisions come to`, async () => {
      assert.equal(workflow.isThere(), null);
      const { breaches } = await workflow.play(generate(seed));
      assert.deepEqual(breaches, [], `npm run soak -- faults --seeds 1 --from ${seed}`);
    });
});
