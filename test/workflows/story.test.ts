import assert from 'node:assert/strict';
import { FakeAzure } from './fake/azure.js';
import { failureOf } from './failure.js';
import { useServer } from './suite.js';

const phase1 = { ending: 'completed', saves: [40, 360] } as const;
const phase2 = { ending: 'completed', saves: [120] } as const;

describe('workflows: the story of a run', function () {
  this.timeout(30_000);
  const suite = useServer();

  it("trains phase after phase, the second from the first one's model, and ends with the report", async () => {
    const azure = new FakeAzure([phase1, phase2]);
    const run = await suite.start(azure);
    const report = await run.result();
    assert.equal(report.outcome, 'completed');
    assert.deepEqual(
      report.phases.map(({ steps, attempts }) => [steps.done, attempts.map(({ ending }) => ending)]),
      [
        [360, ['completed']],
        [120, ['completed']],
      ],
    );
    const second = azure.jobs.get(`${run.workflowId}-p2-a001`);
    assert.match(second?.request.initFrom ?? '', /p1\/attempts\/a001\/.*step-000000360$/);
    assert.equal(second?.request.resumeFrom, null);
    assert.equal(report.model?.path, azure.checkpoints.at(-1)?.path);
  });

  it("comes back from a preemption at the newest checkpoint, under the next attempt's name", async () => {
    const azure = new FakeAzure([{ ending: 'preempted', saves: [80, 120], looks: 3 }, phase1, phase2]);
    const run = await suite.start(azure);
    const report = await run.result();
    assert.deepEqual(
      [...azure.jobs.keys()],
      ['p1-a001', 'p1-a002', 'p2-a001'].map((name) => `${run.workflowId}-${name}`),
    );
    assert.match(azure.jobs.get(`${run.workflowId}-p1-a002`)?.request.resumeFrom ?? '', /a001\/.*step-000000120$/);
    assert.deepEqual(
      report.phases[0]?.attempts.map(({ ending, resumedFromStep }) => [ending, resumedFromStep]),
      [
        ['preempted', 0],
        ['completed', 120],
      ],
    );
    assert.equal(report.preemptions, 1);
  });

  it('starts a phase again where the preemption came before any checkpoint, as often as that happens', async () => {
    const nothing = { ending: 'preempted' } as const;
    const azure = new FakeAzure([nothing, nothing, nothing, phase1, phase2]);
    const run = await suite.start(azure, { over: { recovery: { userErrors: 0, attemptsWithoutProgress: 1 } } });
    assert.equal((await run.result()).outcome, 'completed');
    assert.equal(azure.jobs.get(`${run.workflowId}-p1-a004`)?.request.resumeFrom, null);
  });

  it("retries after errors of the code until their budget is spent, then fails with the trainer's sentence", async () => {
    const azure = new FakeAzure([{ ending: 'user-error' }]);
    const run = await suite.start(azure, { over: { recovery: { userErrors: 2, attemptsWithoutProgress: 9 } } });
    const failure = await failureOf(run);
    assert.match(
      failure.message,
      /3 attempts ended by errors.*recovery\.userErrors \(2\).*unknown field "lerning_rate".*bertha logs/,
    );
    assert.equal(azure.jobs.size, 3);
    assert.equal(azure.report?.outcome, 'failed');
    assert.deepEqual(
      azure.report.phases[0]?.attempts.map(({ ending }) => ending),
      ['user-error', 'user-error', 'user-error'],
    );
  });

  it('gives up where attempt after attempt ends without a new checkpoint', async () => {
    const azure = new FakeAzure([{ ending: 'user-error' }]);
    const run = await suite.start(azure, { over: { recovery: { userErrors: 9, attemptsWithoutProgress: 2 } } });
    assert.match((await failureOf(run)).message, /2 attempts in a row ended without a new checkpoint/);
    assert.equal(azure.jobs.size, 2);
  });

  it('goes one checkpoint down where the trainer refuses the one it was given, and never tries that one again', async () => {
    const azure = new FakeAzure([
      { ending: 'preempted', saves: [40, 80, 120] },
      { ending: 'bad-checkpoint' },
      { ending: 'preempted', saves: [100] },
      phase1,
      phase2,
    ]);
    const run = await suite.start(azure);
    await run.result();
    const resumed = [...azure.jobs.values()]
      .slice(0, 4)
      .map(({ request }) => /a\d+\/.*step-0*(\d+)$/.exec(request.resumeFrom ?? '')?.slice(0, 2));
    assert.deepEqual(
      resumed.map((match) => match?.[1] ?? null),
      [null, '120', '80', '100'],
    );
  });

  it('passes over a checkpoint that does not verify and says so in the report', async () => {
    const azure = new FakeAzure([{ ending: 'preempted', saves: [80, 120] }, phase1, phase2]);
    const run = await suite.start(azure, { name: 'damaged-newest' });
    azure.onCall = (activity) => {
      const newest = azure.checkpoints.find(({ step }) => step === 120);
      const unseen = activity === 'findCheckpoint' && azure.damaged.length === 0 && newest !== undefined;
      if (unseen) azure.damaged.push({ path: newest.path, reason: 'model.safetensors is missing' });
    };
    const report = await run.result();
    assert.match(azure.jobs.get('damaged-newest-p1-a002')?.request.resumeFrom ?? '', /step-000000080$/);
    assert.equal(report.phases[0]?.attempts[0]?.rejectedCheckpoints[0]?.reason, 'model.safetensors is missing');
  });

  it('stops where somebody else cancels the job, and does not submit it again', async () => {
    const azure = new FakeAzure([{ ending: 'canceled-elsewhere' }]);
    const run = await suite.start(azure);
    assert.match((await failureOf(run)).message, /ended canceled-elsewhere/);
    assert.equal(azure.jobs.size, 1);
  });
});
