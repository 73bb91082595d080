import assert from 'node:assert/strict';
import { OF_CHEAP_NODES, generate } from './generate.js';
import { nameOf } from './world/strike.js';

const first = (count: number) => Array.from({ length: count }, (_, index) => generate(index + 1));

describe('simulation: schedules from seeds', () => {
  it('are the same for the same seed, and others for its neighbours', () => {
    const [one, two, three] = first(3).map((schedule) => JSON.stringify(schedule));
    assert.equal(JSON.stringify(generate(1)), one);
    assert.equal(new Set([one, two, three].map((text) => text?.replace(/"seed":\d+,/, ''))).size, 3);
  });

  it('are plain data in the order of time', () => {
    for (const schedule of first(500)) {
      assert.deepEqual(JSON.parse(JSON.stringify(schedule)), schedule);
      const times = schedule.faults.map(({ at }) => at);
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
      assert.ok(times.length >= 1 && times.every((at) => at >= 0));
    }
  });

  it('hold every kind of fault, each of its ways, and a death of the worker at every call in the first 500', () => {
    const faults = first(500).flatMap((schedule) => schedule.faults);
    const ways = new Set(faults.map(nameOf));
    const count = { preempt: 7, mishap: 7, stuck: 4, damage: 5, operator: 7, others: 11 };
    const others = [...ways].filter((way) => !way.includes(' '));
    const found = Object.keys(count).map((kind) => [
      kind,
      [...ways].filter((way) => way.startsWith(`${kind} `)).length,
    ]);
    assert.deepEqual({ ...Object.fromEntries(found), others: others.length }, count, [...ways].join(', '));
    const deaths = faults.flatMap((fault) => (fault.kind === 'worker-dies' ? [`${fault.call} ${fault.when}`] : []));
    assert.equal(new Set(deaths).size, 20);
  });

  it('come with poisoned samples, and with trainers that do not go on in place, now and then', () => {
    const schedules = first(500);
    const share = (has: (schedule: (typeof schedules)[number]) => boolean) => schedules.filter(has).length / 500;
    const poisoned = share(({ poison }) => poison.length > 0);
    assert.ok(poisoned > 0.05 && poisoned < 0.2, String(poisoned));
    const older = share(({ resumesInPlace }) => !resumesInPlace);
    assert.ok(older > 0.1 && older < 0.3, String(older));
  });

  it('come with a budget in two of five, and with a moment from which on nobody supervises', () => {
    const all = first(500);
    const budgets = all.flatMap(({ money }) => (money === null || money === undefined ? [] : [money]));
    assert.ok(budgets.length > 150 && budgets.length < 250, String(budgets.length));
    const leases = budgets.filter(({ leaseSeconds }) => leaseSeconds !== null);
    assert.ok(leases.length > 60 && leases.length < budgets.length - 60, String(leases.length));
    assert.ok(budgets.every(({ goneAt, budgetSeconds }) => goneAt >= 0 && budgetSeconds > 600));
  });

  it('come with a deadline in a quarter, and half of those with nothing but what dedicated nodes are spared', () => {
    const dated = first(500).filter(({ deadline }) => (deadline ?? null) !== null);
    assert.ok(dated.length > 90 && dated.length < 160, String(dated.length));
    const spared = dated.filter(({ faults }) => faults.every(({ kind }) => OF_CHEAP_NODES.has(kind)));
    assert.ok(spared.length > dated.length / 3, `${spared.length} of ${dated.length}`);
    assert.ok(
      dated.every(({ money, deadline, steps, stepSeconds }) => money === null && (deadline ?? 0) > steps * stepSeconds),
    );
  });
});
