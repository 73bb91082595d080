import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../domain/attempts.js';
import { attemptSeconds, cost, nodeSeconds, runSeconds } from '../../domain/ledger.js';
import { contentHash } from '../../domain/names.js';
import { attempt } from './samples.js';

const untrained = { trainingFrom: null, keptUntil: null, trainedUntil: null, keptStep: null };

describe('domain: ledger', () => {
  it('splits an attempt into training that is kept, training that is undone, and all the rest', () => {
    assert.deepEqual(attemptSeconds(attempt()), { useful: 180, lost: 180, total: 600 });
  });

  it('counts all training as lost where nothing of it is kept, and none where there was none', () => {
    assert.deepEqual(attemptSeconds(attempt({ keptUntil: null, keptStep: null })), {
      useful: 0,
      lost: 360,
      total: 600,
    });
    assert.deepEqual(attemptSeconds(attempt(untrained)), { useful: 0, lost: 0, total: 600 });
  });

  it('makes the parts of a run add up to its wall time', () => {
    const attempts = [
      attempt(),
      attempt({
        submittedAt: 660_000,
        trainingFrom: 700_000,
        keptUntil: 900_500,
        trainedUntil: 900_500,
        endedAt: 905_000,
      }),
    ];
    assert.deepEqual(runSeconds(0, 1_000_000, attempts), { useful: 380.5, lost: 180, waiting: 439.5, wall: 1000 });
    assert.deepEqual(runSeconds(5, 5, []), { useful: 0, lost: 0, waiting: 0, wall: 0 });
  });

  it('adds up to the millisecond and is nowhere negative, also where the clocks of nodes, Azure and ours disagree', () => {
    for (let seed = 0; seed < 500; seed++) {
      const { attempts, endedAt } = skewedRun(seed);
      const { useful, lost, waiting, wall } = runSeconds(0, endedAt, attempts);
      const parts = [
        useful,
        lost,
        waiting,
        ...attempts.map(attemptSeconds).flatMap((one) => [one.useful, one.lost, one.total]),
        ...attempts.map(nodeSeconds),
      ];
      assert.ok(
        parts.every((part) => part >= 0),
        `seed ${seed}: ${parts.join(', ')}`,
      );
      assert.equal(Math.round((useful + lost + waiting) * 1000), Math.round(wall * 1000), `seed ${seed}`);
      for (const one of attempts.map(attemptSeconds))
        assert.ok(one.useful + one.lost <= one.total + 0.0005, `seed ${seed}`);
    }
  });

  it('lets no attempt reach beyond its run', () => {
    assert.deepEqual(runSeconds(0, 300_000, [attempt()]), { useful: 180, lost: 120, waiting: 0, wall: 300 });
  });

  it('counts node-seconds from when Azure held nodes', () => {
    assert.equal(nodeSeconds(attempt()), 2 * 540);
    assert.equal(nodeSeconds(attempt({ nodesFrom: null })), 0);
  });

  it('multiplies hours by the price of a node, and says 0 where none is known', () => {
    assert.equal(cost(2 * 3600, 0.73), 1.46);
    assert.equal(cost(1, 0.73), 0.0002);
    assert.equal(cost(3600, null), 0);
  });
});

/** Attempts one after the other, with times that are up to a minute wrong. The same for the same seed. */
function skewedRun(seed: number): { attempts: AttemptRecord[]; endedAt: number } {
  let draw = 0;
  const upTo = (most: number) => Number.parseInt(contentHash(`${seed}/${draw++}`).slice(0, 8), 16) % most;
  const skewed = (time: number) => time + upTo(120_000) - 60_000;
  const attempts: AttemptRecord[] = [];
  let now = 0;
  for (let number = 1; number <= 3; number++) {
    const [submittedAt, from, kept, until, endedAt] = [1, 2, 3, 4, 5].map(() => (now += upTo(90_000))) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const times = { submittedAt, endedAt: Math.max(submittedAt, skewed(endedAt)), nodesFrom: skewed(from) };
    attempts.push(
      attempt({
        attempt: number,
        ...times,
        trainingFrom: skewed(from),
        keptUntil: upTo(4) === 0 ? null : skewed(kept),
        trainedUntil: skewed(until),
      }),
    );
  }
  return { attempts, endedAt: now };
}
