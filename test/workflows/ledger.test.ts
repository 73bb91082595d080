import assert from 'node:assert/strict';
import type { LedgerView } from '../../domain/goodput/running.js';
import { ledgerQuery, pauseUpdate, resumeUpdate } from '../../workflows/messages.js';
import { FakeAzure } from './fake/index.js';
import { isAt, looked, swiftly } from './steering.js';
import { useServer } from './suite.js';

const sum = ({ buckets }: LedgerView) => buckets.reduce((all, { seconds }) => all + seconds, 0);
const names = ({ buckets }: LedgerView) => buckets.map(({ bucket }) => bucket);

describe('workflows: the ledger of a run', function () {
  this.timeout(30_000);
  const suite = useServer('dev');

  it('is told by the run itself: what is summed up, and the job that is open since then', async () => {
    const azure = new FakeAzure([
      { ending: 'runs-on', saves: [40] },
      { ending: 'completed', saves: [360] },
      { ending: 'completed', saves: [120] },
    ]);
    const run = await suite.start(azure, { over: swiftly });
    await looked(azure, 1);
    const first = await run.query(ledgerQuery);
    assert.equal(first.open?.job, `${run.workflowId}-p1-a001`);
    assert.equal(first.until, first.open.submittedAt);
    await run.executeUpdate(pauseUpdate, { args: [{ by: 'ada' }] });
    await isAt(run, /^paused by ada$/);
    const paused = await run.query(ledgerQuery);
    assert.equal(paused.open, null);
    assert.ok(names(paused).includes('person') && names(paused).includes('stopping'), names(paused).join(', '));
    assert.ok(paused.seconds > first.seconds);
    await run.executeUpdate(resumeUpdate, { args: [{ by: 'ada' }] });
    const report = await run.result();
    const last = await run.query(ledgerQuery);
    for (const one of [first, paused, last]) assert.equal(Math.round(sum(one) * 1000), Math.round(one.seconds * 1000));
    const { wall } = report.seconds;
    const whole = report.goodput?.buckets ?? assert.fail();
    assert.equal(Math.round(whole.reduce((all, { seconds }) => all + seconds, 0) * 1000), Math.round(wall * 1000));
    assert.ok(last.seconds > wall - 1, `${last.seconds} s in the ledger, ${wall} s in the report`);
    const unexplained = whole.find(({ bucket }) => bucket === 'unexplained')?.seconds ?? 0;
    assert.ok(unexplained < 0.1, `${unexplained} s are unexplained`);
  });

  it('is passed on where the run continues as new', async () => {
    const azure = new FakeAzure([
      { ending: 'preempted', saves: [120], looks: 8 },
      { ending: 'completed', saves: [360] },
      { ending: 'completed', saves: [120] },
    ]);
    const run = await suite.start(azure, { over: { watch: { ...swiftly.watch, segmentHours: 0.8 / 3600 } } });
    const report = await run.result();
    const handle = suite.env.client.workflow.getHandle(run.workflowId);
    const last = await handle.query(ledgerQuery);
    assert.ok((await handle.describe()).runId !== run.firstExecutionRunId, 'the run continued as new');
    assert.equal(last.since, report.startedAt);
    assert.ok(last.seconds > report.seconds.wall - 1, `${last.seconds} s of ${report.seconds.wall} s`);
  });
});
