import assert from 'node:assert/strict';
import {
  cancelUpdate,
  eventsQuery,
  pauseUpdate,
  planQuery,
  recoverNowUpdate,
  resumeUpdate,
  setBudgetUpdate,
  setCheckpointIntervalUpdate,
  skipWindowUpdate,
  wakeUpSignal,
} from '../../workflows/messages.js';
import { historiesOf } from './executions.js';
import { FakeAzure } from './fake/index.js';
import { endsCanceled } from './failure.js';
import { isAt, journaled, looked, refusalOf, swiftly } from './steering.js';
import { useServer } from './suite.js';
import { eventually } from './waiting.js';

const phase1 = { ending: 'completed', saves: [360] } as const;
const phase2 = { ending: 'completed', saves: [120] } as const;
const runsOn = { ending: 'runs-on' } as const;
const ada = { by: 'ada' };

describe('workflows: what operators ask of a run', function () {
  this.timeout(30_000);
  const suite = useServer('dev');

  it('pause saves and ends the job, nothing is submitted until resume, which goes on from the checkpoint', async () => {
    const azure = new FakeAzure([runsOn, phase1, phase2]);
    const run = await suite.start(azure, { over: swiftly });
    await looked(azure);
    const effect = await run.executeUpdate(pauseUpdate, { args: [ada] });
    assert.equal(effect, 'the job saves and ends; nothing is paid until bertha resume');
    await isAt(run, /^paused by ada$/);
    const saved = azure.checkpoints.at(-1);
    assert.deepEqual([azure.alive(), azure.jobs.size, azure.callsOf('endJob')], [[], 1, []]);
    assert.match(
      (await run.query(planQuery)).next,
      new RegExp(`resume, then training goes on from step ${saved?.step}`),
    );
    assert.equal(await run.executeUpdate(resumeUpdate, { args: [ada] }), 'the next attempt is submitted');
    assert.equal((await run.result()).outcome, 'completed');
    assert.equal(azure.jobs.get(`${run.workflowId}-p1-a002`)?.request.resumeFrom, saved?.path);
    assert.deepEqual(
      azure.report?.phases[0]?.attempts.map(({ ending }) => ending),
      ['stopped-on-request', 'completed'],
    );
  });

  it('pause cancels a job whose trainer does not leave in time, and proves that it ended', async () => {
    const azure = new FakeAzure([{ ...runsOn, obeys: false }, phase1, phase2]);
    const over = { ...swiftly, stopping: { checkpointSeconds: 0.5 } };
    const run = await suite.start(azure, { over });
    await looked(azure);
    await run.executeUpdate(pauseUpdate, { args: [ada] });
    await isAt(run, /^paused by ada$/);
    assert.equal(azure.asked?.control.stop, 'after-checkpoint', 'it was told');
    assert.equal(azure.jobs.get(`${run.workflowId}-p1-a001`)?.status, 'Canceled');
    await run.executeUpdate(resumeUpdate, { args: [ada] });
    await run.result();
    assert.equal(azure.report?.phases[0]?.attempts[0]?.ending, 'stopped-on-request');
  });

  it('an update whose id was carried out before changes nothing, also behind a continue-as-new', async () => {
    const azure = new FakeAzure([runsOn, phase1, phase2]);
    const over = { ...swiftly, watch: { ...swiftly.watch, segmentHours: 1 / 3600 } };
    const run = await suite.start(azure, { over });
    await looked(azure);
    const twice = { args: [{ ...ada, seconds: 60 }] as [object], updateId: 'the-same' };
    assert.equal(await run.executeUpdate(setCheckpointIntervalUpdate, twice), 'a checkpoint every 60 s');
    await eventually('the run continued as new', async () => {
      return (await historiesOf(suite.env.client, run.workflowId)).length > 1;
    });
    const again = suite.env.client.workflow.getHandle(run.workflowId);
    assert.equal(await again.executeUpdate(setCheckpointIntervalUpdate, twice), 'nothing changes by it');
    const events = await again.query(eventsQuery);
    assert.equal(events.filter(({ kind }) => kind === 'operator').length, 1);
    await again.executeUpdate(cancelUpdate, { args: [ada] });
    await assert.rejects(again.result());
  });

  it('a set interval is told to the trainer and judged by, until it is taken back', async () => {
    const azure = new FakeAzure([{ ...phase1, looks: 999 }, phase2]);
    const run = await suite.start(azure, { over: swiftly });
    await looked(azure);
    const told = () => {
      const { control, rules } = azure.asked ?? {};
      return [control?.checkpointSeconds, control?.checkpointSteps, rules?.everySeconds, rules?.everySteps];
    };
    assert.deepEqual(told(), [null, null, null, 40]);
    await run.executeUpdate(setCheckpointIntervalUpdate, { args: [{ ...ada, seconds: 60 }] });
    await eventually('60 s are told', () => Promise.resolve(told()[0] === 60));
    assert.deepEqual(told(), [60, 0, 60, null]);
    await run.executeUpdate(setCheckpointIntervalUpdate, { args: [ada] });
    await eventually("the config's interval is told", () => Promise.resolve(told()[0] === 0));
    assert.deepEqual(told(), [0, 40, null, 40]);
    azure.hurry();
    await run.result();
  });

  it('a skipped window reaches the parameters of the next attempt, and not those of the one that runs', async () => {
    const azure = new FakeAzure([{ ending: 'preempted', saves: [40], looks: 999 }, phase1, phase2]);
    const run = await suite.start(azure, { over: swiftly });
    await looked(azure);
    const window = { phase: 'p1', from: 1280, to: 2560 };
    const effect = await run.executeUpdate(skipWindowUpdate, { args: [{ ...ada, ...window }] });
    assert.equal(effect, 'samples 1280 to 2560 of phase p1 are passed over from the next attempt on');
    azure.hurry();
    await run.result();
    assert.deepEqual(
      [...azure.jobs.values()].map(({ request }) => request.parameters['skipWindows']),
      [undefined, [{ from: 1280, to: 2560 }], undefined],
    );
  });

  it('recover-now saves and ends the job and submits the next attempt at once', async () => {
    const azure = new FakeAzure([runsOn, phase1, phase2]);
    const run = await suite.start(azure, { over: swiftly });
    await looked(azure);
    await run.executeUpdate(recoverNowUpdate, { args: [ada] });
    assert.equal((await run.result()).outcome, 'completed');
    assert.equal(azure.jobs.get(`${run.workflowId}-p1-a002`)?.request.resumeFrom, azure.checkpoints[0]?.path);
    assert.equal(azure.mostAlive, 1);
  });

  it('a recover-now that a finished job has overtaken does not end the first job of the next phase', async () => {
    const azure = new FakeAzure([
      { ...phase1, looks: 2 },
      { ...phase2, looks: 5 },
    ]);
    const run = await suite.start(azure, { over: swiftly });
    azure.onCall = async (activity) => {
      if (activity === 'findCheckpoint' && azure.jobs.size === 1)
        await run.executeUpdate(recoverNowUpdate, { args: [ada] });
    };
    assert.equal((await run.result()).outcome, 'completed');
    assert.equal(azure.jobs.size, 2);
  });

  it('cancel ends the job, proves it, writes the report and closes the run as canceled', async () => {
    const azure = new FakeAzure([runsOn]);
    const run = await suite.start(azure, { over: swiftly });
    await looked(azure);
    const effect = await run.executeUpdate(cancelUpdate, { args: [{ ...ada, reason: 'too dear' }] });
    assert.equal(effect, 'too dear');
    await endsCanceled(run);
    assert.equal(azure.report?.outcome, 'canceled');
    assert.match(azure.report.because, /^canceled by ada: too dear; .*a001 canceled and proven ended$/);
    assert.equal(azure.jobs.get(`${run.workflowId}-p1-a001`)?.status, 'Canceled');
  });

  it('cancel does not wait for hours of copying', async () => {
    const azure = new FakeAzure([runsOn]);
    const run = await suite.start(azure, { over: swiftly });
    azure.onCall = (activity) =>
      activity === 'copyData' ? new Promise((resolve) => setTimeout(resolve, 5_000).unref()) : undefined;
    await eventually('the copy has begun', () => Promise.resolve(azure.callsOf('copyData').length === 1));
    const asked = performance.now();
    await run.executeUpdate(cancelUpdate, { args: [ada] });
    await endsCanceled(run);
    assert.ok(performance.now() - asked < 4_000);
    assert.deepEqual([azure.jobs.size, azure.report?.outcome], [0, 'canceled']);
  });

  it('a wake-up makes the watch look at once, and nothing that it had seen is forgotten', async () => {
    const azure = new FakeAzure([
      { ...phase1, looks: 999 },
      { ...phase2, looks: 0 },
    ]);
    const seldom = { ...swiftly, watch: { ...swiftly.watch, pollSeconds: 600 } };
    const run = await suite.start(azure, { over: seldom });
    await looked(azure, 1);
    await eventually('the first look is over', async () => {
      const { raw } = await run.describe();
      return raw.pendingActivities?.some(
        ({ activityType, attempt }) => activityType?.name === 'watchJob' && attempt === 2,
      );
    });
    await run.signal(wakeUpSignal);
    await looked(azure, 2);
    assert.deepEqual([azure.asked?.memory.heartbeat?.step, azure.asked?.memory.status], [1, 'Running']);
    azure.hurry();
    await run.signal(wakeUpSignal);
    await run.result();
  });

  it('every command stands in the journal with who asked for it', async () => {
    const azure = new FakeAzure([{ ...phase1, looks: 999 }, phase2]);
    const run = await suite.start(azure, { over: swiftly });
    await looked(azure);
    await run.executeUpdate(setCheckpointIntervalUpdate, { args: [{ by: 'ada', steps: 10 }] });
    await run.executeUpdate(setCheckpointIntervalUpdate, { args: [{}] });
    const known = await run.query(eventsQuery);
    azure.hurry();
    await run.result();
    const said = journaled(azure, 'operator').map(({ by, effect }) => [by, effect]);
    assert.deepEqual(said, [
      ['ada', 'a checkpoint every 10 steps'],
      [null, "checkpoints at the config's interval again"],
    ]);
    assert.deepEqual(
      known.map(({ sequence }) => sequence),
      known.map((_, index) => index + (known[0]?.sequence ?? 0)),
      'the query gives the last events, oldest first',
    );
    assert.equal(known.at(-1)?.kind, 'operator');
  });

  it('a budget that is set anew is the limit from the next look on, and the trainer hears of it', async () => {
    const azure = new FakeAzure([runsOn, phase1, phase2]);
    const run = await suite.start(azure, { over: { ...swiftly, cost: { currency: 'USD', budget: 1000 } } });
    await looked(azure);
    const before = azure.asked;
    const effect = await run.executeUpdate(setBudgetUpdate, { args: [{ ...ada, amount: 50 }] });
    assert.match(effect, /^all attempts together may cost 50 USD, of which 0\.\d\d are spent$/);
    const asked = await eventually('a look with the new budget', () =>
      Promise.resolve((azure.asked?.rules.affordableSeconds ?? Infinity) < 30_000 ? azure.asked : null),
    );
    assert.ok((before?.rules.affordableSeconds ?? 0) > 400_000);
    assert.equal(asked.control.lease?.affordableSeconds, asked.rules.affordableSeconds);
    assert.ok(asked.control.sequence > (before?.control.sequence ?? Infinity));
    const refused = await refusalOf(run.executeUpdate(setBudgetUpdate, { args: [{ ...ada, amount: 0.01 }] }));
    assert.match(
      refused,
      /^a budget of 0\.01 USD cannot be kept: .* say 0\.\d\d at least, or end the run with bertha cancel$/,
    );
    await run.executeUpdate(cancelUpdate, { args: [ada] });
    await endsCanceled(run);
  });
});
