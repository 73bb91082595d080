import assert from 'node:assert/strict';
import { FakeAzure } from './fake/azure.js';
import { failureOf } from './failure.js';
import { useServer } from './suite.js';

const phase1 = { ending: 'completed', saves: [360] } as const;
const phase2 = { ending: 'completed', saves: [120] } as const;

describe('workflows: one run, one name, one job per attempt', function () {
  this.timeout(30_000);
  const suite = useServer();

  it('adopts the job whose submission was answered by a broken connection', async () => {
    const azure = new FakeAzure([phase1, phase2]);
    azure.lostAnswers.add('lost-answer-p1-a001');
    const run = await suite.start(azure, { name: 'lost-answer' });
    await run.result();
    assert.equal(azure.callsOf('submitJob').length, 3);
    assert.equal(azure.jobs.size, 2);
    const submitted = azure.journal.flatMap((entry) =>
      entry.type === 'event' && entry.event.kind === 'job-submitted' ? [entry.event.adopted] : [],
    );
    assert.deepEqual(submitted, [true, false]);
  });

  it('fails without touching anything where the name belongs to another run', async () => {
    const azure = new FakeAzure([phase1]);
    azure.chains.push('another-chain');
    const run = await suite.start(azure);
    assert.match((await failureOf(run)).message, /exists already/);
    assert.deepEqual(azure.calls, ['claimRun']);
    assert.equal(azure.report, null);
  });

  it('leaves a job of its name that another run submitted alone, and fails', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const other = { place: { run: 'foreign-job' }, chain: 'another-chain', phase: 'p1', attempt: 1 };
    const job = azure.put('foreign-job-p1-a001', other as Parameters<FakeAzure['put']>[1]);
    azure.onCall = () =>
      void azure.chains.splice(0, azure.chains.length, ...azure.chains.filter((chain) => chain !== 'another-chain'));
    const run = await suite.start(azure, { name: 'foreign-job', over: {} });
    // The claim counts that job, so the run begins at the second attempt; take the count away.
    azure.onCall = (activity) => {
      if (activity === 'submitJob') azure.jobs.set('foreign-job-p1-a002', { ...job, name: 'foreign-job-p1-a002' });
    };
    assert.match((await failureOf(run)).message, /is not of this run/);
    assert.deepEqual(azure.callsOf('endJob'), []);
    assert.equal(job.status, 'Running');
  });

  it('numbers the attempts of a continued run on, and continues behind its newest checkpoint', async () => {
    const azure = new FakeAzure([
      { ending: 'preempted', saves: [200] },
      { ending: 'canceled-elsewhere' },
      phase1,
      phase2,
    ]);
    const first = await suite.start(azure, { name: 'continued' });
    await failureOf(first);
    const again = await suite.start(azure, { name: 'continued', continueRun: true });
    const report = await again.result();
    assert.deepEqual(
      [...azure.jobs.keys()],
      ['p1-a001', 'p1-a002', 'p1-a003', 'p2-a001'].map((name) => `continued-${name}`),
    );
    assert.match(azure.jobs.get('continued-p1-a003')?.request.resumeFrom ?? '', /a001\/.*step-000000200$/);
    assert.deepEqual(
      report.phases[0]?.attempts.map(({ ending }) => ending),
      ['preempted', 'canceled-elsewhere', 'completed'],
    );
    assert.equal(azure.chains.length, 2);
  });

  it('gives a run whose id Azure would refuse legal job names', async () => {
    const azure = new FakeAzure([phase1, phase2]);
    const run = await suite.start(azure, { name: 'nightly-2026-11-23T00:33:02Z' });
    await run.result();
    for (const name of azure.jobs.keys()) assert.match(name, /^nightly-2026-11-23t00-33-02z-x[0-9a-f]{16}-p[12]-a001$/);
  });
});
