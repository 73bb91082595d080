import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { seeded } from '../house/random.js';
import { failureOf } from '../workflows/failure.js';
import { FakeAzure, type Job } from '../workflows/fake/azure.js';
import { journaled } from '../workflows/steering.js';
import { useServer } from '../workflows/suite.js';
import { NO_BUDGET, PHASE_1, PHASE_2, after, endings } from './story.js';

const DAY = 86_400;
const watch = { pollSeconds: 300, segmentHours: 6, heartbeatSeconds: 10, metricsSeconds: 60 };

describe('bugs: a control plane that fails', function () {
  this.timeout(60_000);
  const suite = useServer();

  it('B1 looks that fail by chance, for days, as timeouts, lost connections and refusals, lead to no cancel and no other job', async () => {
    const azure = new FakeAzure([{ ...PHASE_1, looks: 220 }, PHASE_2]);
    const random = seeded(10_155);
    let failed = 0;
    azure.onLook = (_look, job) => {
      savesNowAndThen(azure, job);
      const [kind, chance] = [random(), random()];
      const fails = job.request.phase === 'p1' && chance < 0.45;
      azure.silence = fails && kind < 0.5 ? 'reading the job failed (HTTP 504)' : null;
      if (!fails) return;
      failed++;
      if (azure.silence === null) throw kind < 0.55 ? refusal() : broken();
    };
    const run = await suite.start(azure, { over: { watch, recovery: NO_BUDGET } });
    const report = await run.result();
    console.log(`      ${failed} of ${azure.looks} looks failed in ${(report.seconds.wall / DAY).toFixed(1)} days`);
    assert.ok(failed >= 100 && report.seconds.wall > DAY / 2, `${failed} failures in ${report.seconds.wall} s`);
    assert.ok(journaled(azure, 'watch-blind').length > 1, 'some looks failed for good');
    oneJobEach(azure);
  });

  it('B13 a job that prepares for half an hour is slow, not preempted: it is waited for', async () => {
    const slow = Array.from({ length: 180 }, () => 'Preparing');
    const azure = new FakeAzure([{ ...PHASE_1, before: ['Queued', ...slow] }, PHASE_2]);
    const run = await suite.start(azure, { over: { recovery: NO_BUDGET } });
    const report = await run.result();
    assert.ok(report.seconds.wall > 1800, `${report.seconds.wall} s`);
    oneJobEach(azure);
    assert.equal(report.preemptions, 0);
  });

  it('B29 credentials that are refused for a day are an alert: nothing is canceled, submitted or doubled, and the run goes on', async () => {
    const azure = new FakeAzure([{ ...PHASE_1, looks: 400 }, PHASE_2]);
    let refusedSince: number | null = null;
    let [over, refused, unwritten] = [false, 0, 0];
    const why = 'reading the job failed (HTTP 401): the token has expired';
    azure.onLook = async (look, job) => {
      savesNowAndThen(azure, job);
      refusedSince ??= look === 10 ? await now() : null;
      over ||= refusedSince !== null && (await now()) - refusedSince > DAY * 1000;
      azure.silence = refusedSince !== null && !over ? why : null;
      if (azure.silence !== null) refused++;
    };
    // Storage takes no word of it either, for the first hours.
    azure.onCall = (activity) => {
      if (activity === 'record' && azure.silence !== null && ++unwritten <= 10) throw unauthorized();
    };
    const now = async () => Number(await suite.env.currentTimeMs());
    const run = await suite.start(azure, { over: { watch, recovery: NO_BUDGET } });
    const report = await run.result();
    assert.ok(refused > 250, `${refused} looks were refused`);
    assert.ok(report.seconds.wall > DAY, `${report.seconds.wall} s`);
    oneJobEach(azure);
    const told = journaled(azure, 'watch-alert').map(({ alert }) => alert);
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['blind', 'sight-again'],
    );
    assert.match(JSON.stringify(told[0]), /HTTP 401/);
  });

  it('B15 an error that nobody has heard of is repeated: a look, a decision and a submission get through in the end', async () => {
    const azure = after({ ending: 'preempted', saves: [120] });
    const thrown = new Map<string, number>();
    azure.onBegin = (_call, activity) => {
      const times = (thrown.get(activity) ?? 0) + 1;
      thrown.set(activity, times);
      if (times <= 3) throw new RangeError(`what ${activity} does is not in any book`);
    };
    const run = await suite.start(azure, { over: { recovery: NO_BUDGET } });
    assert.equal((await run.result()).outcome, 'completed');
    assert.deepEqual(endings(azure), ['preempted', 'completed']);
    assert.equal(azure.mostAlive, 1);
  });

  it('B15 endings that nothing explains are retried within a budget; where it is spent the run fails and says by which field', async () => {
    const recovery = { ...NO_BUDGET, unknownEndings: 3, attemptsWithoutProgress: 9 };
    const unknown = { ending: 'unknown' } as const;
    const azure = after(unknown, unknown, unknown);
    assert.equal((await (await suite.start(azure, { over: { recovery } })).result()).outcome, 'completed');
    const again = after(unknown, unknown, unknown, unknown);
    const { message } = await failureOf(await suite.start(again, { over: { recovery } }));
    assert.match(
      message,
      /4 attempts ended in ways that nothing explains.*recovery\.unknownEndings \(3\).*bertha logs/,
    );
    assert.deepEqual([again.jobs.size, again.report?.outcome], [4, 'failed']);
  });
});

const broken = () => ApplicationFailure.retryable('the connection broke', 'Azure:transient');
const refusal = () => ApplicationFailure.nonRetryable('reading the job failed (HTTP 400)', 'Azure:permanent');
const unauthorized = () => ApplicationFailure.retryable('appending failed (HTTP 401)', 'Azure:unauthorized');

/** Below the last step, and often enough for a job of so many looks. */
function savesNowAndThen(azure: FakeAzure, job: Job): void {
  if (job.looks > 0 && job.looks % 5 === 0 && job.request.phase === 'p1') azure.save(job, job.looks / 5);
}

/** Both phases completed with the first job of each, and none was ever told to end. */
function oneJobEach(azure: FakeAzure): void {
  assert.deepEqual([endings(azure, 0), endings(azure, 1)], [['completed'], ['completed']]);
  assert.deepEqual([azure.jobs.size, azure.callsOf('endJob')], [2, []]);
}
