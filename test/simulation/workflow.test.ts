import assert from 'node:assert/strict';
import { skipUnless } from '../house/skip.js';
import { generate } from './generate.js';
import { workflow } from './workflow/layer.js';

/** The soak plays 300. The time-skipping server stalls now and then, for a minute each time: more would make the suite hang on that. */
const SEEDS = 3;

describe('simulation: fault schedules through the real workflow', function () {
  this.timeout(180_000);
  after(() => workflow.close());

  for (let seed = 1; seed <= SEEDS; seed++)
    it(`schedule ${seed} breaks no invariant and comes to what the pure decisions come to`, async function () {
      assert.equal(workflow.isThere(), null);
      const { breaches, attempts } = await workflow.play(generate(seed));
      skipUnless(attempts > 0, 'the Temporal test server stalled twice, so nothing was played', this);
      assert.deepEqual(breaches, [], `npm run soak -- faults --seeds 1 --from ${seed}`);
    });
});
