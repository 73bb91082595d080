import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { failureOf } from '../workflows/failure.js';
import { FakeAzure } from '../workflows/fake/azure.js';
import { journaled } from '../workflows/steering.js';
import { useServer } from '../workflows/suite.js';
import { NO_BUDGET, PHASE_1, PHASE_2, alerts, endings } from './story.js';

const COLLECTING = ['collectEvidence', 'measureAttempt', 'writeReport'];

describe('bugs: what follows an end', function () {
  this.timeout(60_000);
  const suite = useServer();

  it('B3 a run whose logs, metrics, their curve and report cannot be collected at all is completed, and says what is missing', async () => {
    const azure = new FakeAzure([PHASE_1, PHASE_2]);
    azure.onCall = (activity) => {
      if (COLLECTING.includes(activity))
        throw ApplicationFailure.nonRetryable(`${activity} is refused`, 'Azure:permanent');
    };
    const run = await suite.start(azure, { over: { recovery: NO_BUDGET } });
    const report = await run.result();
    assert.equal(report.outcome, 'completed');
    assert.equal(report.model?.path, azure.checkpoints.at(-1)?.path);
    assert.match(report.because, /all 2 phases.*; its report could not be written: writeReport is refused/);
    for (const missing of [/what Azure and the trainer say of job .*-p1-a001 is missing/, /the measure of/])
      assert.ok(
        alerts(azure).some((text) => missing.test(text)),
        `${missing} in ${alerts(azure).join('; ')}`,
      );
    assert.deepEqual(
      journaled(azure, 'run-ended').map(({ outcome }) => outcome),
      ['completed'],
    );
  });

  it('B9 a run that fails for good while its job trains ends that job, proves it, and reports the attempt', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    azure.onCall = (activity) => {
      const whileItTrains = activity === 'record' && azure.alive().length > 0;
      if (whileItTrains) throw ApplicationFailure.nonRetryable('the journal is no append blob', 'Azure:permanent');
    };
    await failureOf(await suite.start(azure));
    assert.match(azure.report?.because ?? '', /^the journal is no append blob; .*a001 canceled and proven ended/);
    assert.deepEqual(
      [...azure.jobs.values()].map(({ status }) => status),
      ['Canceled'],
    );
    assert.deepEqual([azure.report?.outcome, endings(azure)], ['failed', ['canceled-by-us']]);
  });
});
