import assert from 'node:assert/strict';
import { configWith } from '../domain/samples.js';
import { FakeAzure } from './fake/index.js';
import { failureOf } from './failure.js';
import { journaled } from './steering.js';
import { useServer } from './suite.js';

/** The fake's price list says 3.6 a node and hour, and the sample's cluster has nodes of it. */
const PRICE = 3.6;

describe('workflows: a run with a budget', function () {
  this.timeout(30_000);
  const suite = useServer();

  it('saves and ends before the budget is passed, proves it, and says what it spent', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    azure.onLook = (look, job) => void (look % 20 === 0 && azure.save(job, look));
    const run = await suite.start(azure, { over: { cost: { currency: 'USD', budget: 20 } } });
    const { message } = await failureOf(run);
    assert.match(message, /budget/);
    assert.deepEqual(azure.alive(), []);
    const spent = azure.report?.cost.total ?? 0;
    assert.ok(spent > 20 - (PRICE * 2 * 600) / 3600 && spent <= 20, `${spent} of 20`);
    assert.deepEqual(
      azure.report?.phases[0]?.attempts.map(({ ending }) => ending),
      ['budget-spent'],
    );
  });

  it('counts what attempts before cost, and submits none that would not come as far as a checkpoint', async () => {
    const azure = new FakeAzure([{ ending: 'preempted', saves: [40], looks: 240 }]);
    const run = await suite.start(azure, { over: { cost: { currency: 'USD', budget: 20 } } });
    const { message } = await failureOf(run);
    assert.match(message, /the budget of 20 USD is used up|budget-spent/);
    assert.ok((azure.report?.cost.total ?? 0) <= 20, `${azure.report?.cost.total} of 20`);
  });

  it('tells of half and four fifths of the budget, once each, whatever attempts and executions that takes', async () => {
    const azure = new FakeAzure([{ ending: 'preempted', saves: [40], looks: 150 }, { ending: 'runs-on' }]);
    azure.onLook = (look, job) => void (look % 20 === 0 && azure.save(job, look));
    const { watch } = configWith();
    const over = { cost: { currency: 'USD', budget: 20 }, watch: { ...watch, segmentHours: 0.25 } };
    await failureOf(await suite.start(azure, { over }));
    const told = journaled(azure, 'budget-alert');
    assert.deepEqual(
      told.map(({ share }) => share),
      [0.5, 0.8],
    );
    const perLook = (2 * PRICE * watch.pollSeconds) / 3600;
    for (const { share, spent } of told)
      assert.ok(spent >= 20 * share && spent <= 20 * share + 2 * perLook, `${spent} of 20 at ${share}`);
    assert.match(JSON.stringify(azure.report?.incidents), /NOTE: 50 % of the budget are spent/);
  });

  it('renews the lease of a trainer in time, also where news come before each renewal', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const told: number[] = [];
    azure.onLook = (look, job) => {
      if (look % 20 === 0) azure.save(job, look);
      const at = azure.asked?.control.at ?? 0;
      if (told.at(-1) !== at) told.push(at);
    };
    // Every 17 minutes there is something to tell, and the lease is to be renewed after 18.
    const alertAt = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    const cost = { currency: 'USD', budget: 20, leaseHours: 0.6, alertAt };
    const run = await suite.start(azure, { over: { cost } });
    await failureOf(run);
    const gaps = told.slice(1).map((at, index) => (at - (told[index] ?? at)) / 60_000);
    assert.ok(told.length > 8 && Math.max(...gaps) < 20, `told anew after ${gaps.map(Math.round).join(', ')} min`);
    assert.equal(journaled(azure, 'budget-alert').length, 9);
  });

  it('tells each job how long the budget pays for it, so that nobody needs to live for it to end', async () => {
    const azure = new FakeAzure([
      { ending: 'completed', saves: [360] },
      { ending: 'completed', saves: [120] },
    ]);
    const run = await suite.start(azure, { over: { cost: { currency: 'USD', budget: 20, leaseHours: 6 } } });
    await run.result();
    const [first, second] = [...azure.jobs.values()].map(({ request }) => request.affordableSeconds ?? 0);
    assert.ok(first !== undefined && first > 0 && first < (20 / PRICE / 2) * 3600, `${first} s`);
    assert.ok((second ?? Infinity) <= first);
    assert.deepEqual(azure.asked?.control.lease?.seconds, 6 * 3600);
  });
});
