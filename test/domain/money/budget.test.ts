import assert from 'node:assert/strict';
import { newPhase } from '../../../domain/attempts.js';
import { afterEnding } from '../../../domain/budgets.js';
import { affordableSeconds, attemptCost, reserveSeconds, spentSoFar } from '../../../domain/money/budget.js';
import { meterAfter } from '../../../domain/money/meter.js';
import { spendUntil } from '../../../domain/money/spend-until.js';
import type { JobSight } from '../../../domain/watch/sighting.js';
import { attempt, configWith } from '../samples.js';
import { Looks, beat, noAnswer, running, status, trainer } from '../watch/looks.js';

const HOUR = 3_600;

describe('domain: the budget of a run', () => {
  it('counts an attempt by the hours in which its nodes were held, not by those in which it waited for them', () => {
    const held = attempt({ submittedAt: 0, nodesFrom: HOUR * 1000, endedAt: 3 * HOUR * 1000, nodes: 16 });
    assert.equal(attemptCost({ ...held, pricePerNodeHour: 2.5 }), 80);
    assert.equal(attemptCost({ ...held, nodesFrom: null, pricePerNodeHour: 2.5 }), 0);
    assert.equal(attemptCost(held), 0, 'no price was known');
  });

  it('adds attempts of all phases, so that whoever takes the run up from its journal knows what is spent', () => {
    const paid = attempt({ nodesFrom: 0, endedAt: HOUR * 1000, nodes: 2, pricePerNodeHour: 3 });
    const once = afterEnding(newPhase('p1'), paid, null);
    const twice = afterEnding(once, paid, null);
    assert.equal(spentSoFar({ p1: twice, p2: once }), 18);
    assert.equal(
      spentSoFar({ p1: { ...newPhase('p1'), spent: undefined as unknown as number } }),
      0,
      'an older release',
    );
  });

  it('says how long a job may hold its nodes, and nothing where there is no budget or no price', () => {
    const rate = { nodes: 16, pricePerNodeHour: 2.5 };
    assert.equal(affordableSeconds(100, 60, rate), HOUR);
    assert.equal(affordableSeconds(100, 120, rate), 0);
    assert.deepEqual(
      [affordableSeconds(null, 0, rate), affordableSeconds(100, 0, { ...rate, pricePerNodeHour: null })],
      [null, null],
    );
  });

  it('keeps back what the stop itself may take', () => {
    assert.equal(reserveSeconds(configWith()), 30 + 120 + 60);
  });

  it('counts seconds in which nobody looked or Azure gave no answer, for they are paid for all the same', () => {
    const at = (seconds: number, job: JobSight, before?: ReturnType<typeof meterAfter>) =>
      meterAfter(before, job, seconds * 1000);
    const queued = at(100, status('Queued'), at(0, status('Queued')));
    assert.equal(queued.seconds, 0);
    const begun = at(160, running, queued);
    const blind = at(4_000, noAnswer, begun);
    const away = at(90_000, running, blind);
    assert.deepEqual([begun.seconds, blind.seconds, away.seconds], [60, 3_900, 89_900]);
    assert.equal(at(90_030, status('Failed'), away).seconds, 89_930);
  });

  it('ends the job when the budget pays for no more, and not a look before', () => {
    const looks = new Looks().started();
    const before = looks.memory.meter?.seconds ?? 0;
    looks.rules = { ...looks.rules, affordableSeconds: before + 300 };
    const passed = looks.forSeconds(HOUR, running, (index) =>
      trainer(beat({ sequence: index + 10, step: index + 10 }), `i1/${index}`),
    );
    assert.deepEqual([passed?.due.limit, passed?.due.do], ['budget', 'restart']);
    assert.ok(
      (passed?.due.seconds ?? 0) >= before + 300 && (passed?.due.seconds ?? 0) < before + 300 + looks.rules.pollSeconds,
    );
  });
});

describe('domain: a trainer that nobody watches any more', () => {
  const lease = { seconds: 6 * HOUR, affordableSeconds: 10 * HOUR };

  it('leaves when its lease is over, or before where the budget is used up by then', () => {
    assert.equal(spendUntil(lease, 0, 1_000), 6 * HOUR * 1000 + 1_000);
    assert.equal(spendUntil(lease, 8 * HOUR, 0), 2 * HOUR * 1000);
    assert.equal(spendUntil(lease, 11 * HOUR, 5), 5, 'at once');
  });

  it('goes by the budget alone where there is no lease', () => {
    assert.equal(spendUntil({ ...lease, seconds: null }, HOUR, 0), 9 * HOUR * 1000);
  });
});
