import assert from 'node:assert/strict';
import { type Nodes, TRAINING_SECONDS, drive, withDeadline } from './drive.js';

const HOUR = 3_600;
const SEEDS = Array.from({ length: 300 }, (_, index) => index + 1);

/** From nodes that never come to nodes that hardly ever go. */
const WORLDS: Readonly<Record<string, Nodes>> = {
  'nodes that never come': () => ({ wait: 1e9, up: 0 }),
  'nodes that are taken away before the first checkpoint': (draw) => ({ wait: 60 * draw(), up: 500 * draw() }),
  'nodes that are taken away every half hour': (draw) => ({ wait: 600 * draw(), up: 3_600 * draw() }),
  'nodes that stay for hours, with pauses as long': (draw) => ({ wait: 6 * HOUR * draw(), up: 6 * HOUR * draw() }),
  'nodes that stay for a day': (draw) => ({ wait: 300 * draw(), up: 24 * HOUR * (0.5 + draw()) }),
};

describe('domain: a deadline', () => {
  for (const [name, nodes] of Object.entries(WORLDS))
    it(`is never missed where dedicated nodes can be had, with ${name}`, () => {
      for (const seed of SEEDS) {
        const hours = (TRAINING_SECONDS / HOUR) * (1.15 + (seed % 10) / 10);
        const { finishedAt, deadline } = drive(withDeadline(hours), seed, nodes);
        assert.ok(finishedAt <= deadline, `seed ${seed}: done at ${finishedAt}, due at ${deadline}`);
      }
    });

  it('costs no dedicated node while it can still be kept without one: the look before the move had time to lose', () => {
    for (const [name, nodes] of Object.entries(WORLDS))
      for (const seed of SEEDS) {
        const { movedAt, slackBefore } = drive(withDeadline(2 * (TRAINING_SECONDS / HOUR)), seed, nodes);
        if (movedAt !== null) assert.ok((slackBefore ?? 0) > 0, `${name}, seed ${seed}: moved at ${movedAt}`);
      }
  });

  it('is kept without any dedicated node where the preemptible ones stay', () => {
    const nodes: Nodes = () => ({ wait: 60, up: 1e6 });
    for (const seed of SEEDS)
      assert.equal(drive(withDeadline(1.3 * (TRAINING_SECONDS / HOUR)), seed, nodes).movedAt, null);
  });
});
