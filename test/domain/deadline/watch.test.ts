import assert from 'node:assert/strict';
import { Looks, beat, running, status, trainer } from '../watch/looks.js';
import { HOUR, RULES } from './facts.js';

describe('domain: the watch and the deadline', () => {
  it('ends a preemptible job when only dedicated nodes can keep it, in the queue as in training, and not before', () => {
    const looks = new Looks();
    const due = looks.at + 5_000 * 1000;
    looks.rules = {
      ...looks.rules,
      deadline: { ...RULES, at: due, steps: 100, secondsPerStep: 20, overheadSeconds: 900 },
    };
    const queued = looks.forSeconds(HOUR, status('Queued'), () => trainer(null));
    assert.deepEqual([queued?.due.limit, queued?.due.do], ['deadline', 'restart']);
    assert.ok(Math.abs((queued?.after ?? 0) - (5_000 - 3_000)) <= looks.rules.pollSeconds, `after ${queued?.after} s`);
  });

  it('lets a job alone that gets on as fast as the time passes', () => {
    const looks = new Looks().started();
    const left = 2_000 + 90 * 30 * 1.05;
    looks.rules = {
      ...looks.rules,
      deadline: { ...RULES, at: looks.at + left * 1000, steps: 100, secondsPerStep: 30, overheadSeconds: 900 },
    };
    const passed = looks.forSeconds(2_600, running, (index) =>
      trainer(beat({ sequence: index + 10, step: index + 10 }), `i1/${index}`),
    );
    assert.equal(passed, null);
  });
});
