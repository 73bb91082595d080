import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { failureOf } from '../workflows/failure.js';
import { FakeAzure, type Script } from '../workflows/fake/azure.js';
import { journaled } from '../workflows/steering.js';
import { useServer } from '../workflows/suite.js';
import { DONE, NO_BUDGET, PHASE_1, PHASE_2, after, endings, resumedFrom } from './story.js';

const repeated = (words: readonly string[], times: number) => Array.from({ length: times }, () => words).flat();

describe('bugs: jobs that are taken away, hang, or come to nothing', function () {
  this.timeout(60_000);
  const suite = useServer();
  const runOf = async (azure: FakeAzure, over = {}) =>
    (await suite.start(azure, { over: { recovery: NO_BUDGET, ...over } })).result();

  it('B11 a job that Azure calls Running while its heartbeat stands still is ended within its limit, and followed by one other', async () => {
    const azure = after({ ending: 'runs-on', obeys: false });
    azure.onLook = (look, job) => {
      if (job.request.attempt === 1 && look > 3) job.frozen = true;
    };
    await runOf(azure, { recovery: { ...NO_BUDGET, infrastructureErrors: 1, attemptsWithoutProgress: 2 } });
    assert.deepEqual(endings(azure), ['hung', 'completed']);
    const [passed] = journaled(azure, 'limit-passed');
    assert.equal(passed?.limit, 'silent');
    assert.ok(passed.seconds >= 300 && passed.seconds < 360, `${passed.seconds} s`);
    assert.deepEqual([azure.jobs.size, azure.mostAlive], [3, 1]);
  });

  it('B12 a preemption while a job prepares or pulls its image is a preemption, and costs no budget', async () => {
    const azure = after(
      { ending: 'preempted', before: ['Queued', 'Preparing', 'Preparing'], looks: 0 },
      { ending: 'preempted-canceled', before: ['Provisioning', 'Preparing'], looks: 0 },
    );
    const report = await runOf(azure);
    assert.deepEqual(endings(azure), ['preempted', 'preempted-canceled', 'completed']);
    assert.equal(report.preemptions, 2);
  });

  it('B16 a job that Azure keeps Finalizing, or Queued, without end is told of, ended, and followed by another', async () => {
    const azure = after(
      { ending: 'runs-on', before: ['Running', ...repeated(['Finalizing'], 800)] },
      { ending: 'runs-on', before: repeated(['Queued'], 800) },
    );
    await runOf(azure, {
      watch: { pollSeconds: 600 },
      recovery: { ...NO_BUDGET, infrastructureErrors: 1, attemptsWithoutProgress: 2 },
    });
    assert.deepEqual(endings(azure), ['dwelled-too-long', 'queued-too-long', 'completed']);
    const told = journaled(azure, 'watch-alert').map(({ alert }) =>
      alert.kind === 'limit' ? alert.limit : alert.kind,
    );
    assert.deepEqual(told, ['finalizing', 'queued']);
    const passed = journaled(azure, 'limit-passed').map(({ limit, limitSeconds }) => [limit, limitSeconds]);
    assert.deepEqual(passed, [
      ['finalizing', 3_600],
      ['queued', 86_400],
    ]);
    assert.equal(azure.mostAlive, 1);
  });

  it('B17 a preemption is survived in each of its faces: Failed, Canceled, requeued under the same name, NotResponding and back', async () => {
    const faces: Script[] = [
      { ending: 'preempted', saves: [40] },
      { ending: 'preempted-canceled', saves: [80] },
      { ...PHASE_1, before: ['Running', 'Queued', 'Running', 'NotResponding', 'Running', 'Queued', 'Preparing'] },
    ];
    const azure = new FakeAzure([...faces, PHASE_2]);
    const report = await runOf(azure);
    assert.deepEqual(endings(azure), ['preempted', 'preempted-canceled', 'completed']);
    assert.deepEqual([resumedFrom(azure), report.preemptions], [[0, 40, 80], 2]);
    const told = journaled(azure, 'watch-alert').map(({ alert }) => alert.kind);
    assert.deepEqual(told, ['requeued', 'restarted-in-place', 'requeued', 'restarted-in-place']);
    assert.deepEqual([azure.jobs.size, azure.mostAlive, azure.callsOf('endJob')], [4, 1, []]);
  });

  it('B17 a job that Azure restarts while we end it is ended again: the next one is submitted only behind its proof', async () => {
    const azure = after({ ending: 'runs-on', obeys: false });
    azure.onLook = (look, job) => {
      if (job.request.attempt === 1 && look > 3) job.frozen = true;
    };
    let restarts = 0;
    azure.onCall = (activity) => {
      const [first] = azure.jobs.values();
      const races = activity === 'endJob' && first?.status === 'CancelRequested' && restarts < 3;
      if (races) first.status = ['Queued', 'Preparing', 'Running'][restarts++] ?? 'Running';
      if (activity === 'submitJob') assert.deepEqual(azure.alive(), [], 'submitted beside a living job');
    };
    await runOf(azure, { recovery: { ...NO_BUDGET, infrastructureErrors: 1, attemptsWithoutProgress: 2 } });
    assert.deepEqual([restarts, endings(azure), azure.mostAlive], [3, ['hung', 'completed'], 1]);
  });

  it("B20 four attempts that die before their first checkpoint lose nothing of the first one's: the sixth goes on from it", async () => {
    const dies: Script = { ending: 'preempted' };
    const azure = after({ ending: 'preempted', saves: [40, 80] }, dies, dies, dies, dies);
    await runOf(azure);
    assert.deepEqual(resumedFrom(azure), [0, 80, 80, 80, 80, 80]);
  });

  it('B21 a newest checkpoint that is damaged is told of, and the one before it is continued', async () => {
    const azure = after({ ending: 'preempted', saves: [80, 120] });
    azure.onCall = (activity) => {
      const newest = azure.checkpoints.find(({ step }) => step === 120);
      const unseen = activity === 'findCheckpoint' && azure.damaged.length === 0 && newest !== undefined;
      if (unseen) azure.damaged.push({ path: newest.path, reason: 'model.safetensors is damaged' });
    };
    const report = await runOf(azure);
    assert.deepEqual(resumedFrom(azure), [0, 80]);
    assert.match(journaled(azure, 'checkpoint-rejected')[0]?.reason ?? '', /model\.safetensors is damaged/);
    assert.match(report.phases[0]?.attempts[0]?.rejectedCheckpoints[0]?.path ?? '', /step-000000120$/);
  });

  it('B23 a job that trains and saves nothing valid is told of after three intervals and ended after six', async () => {
    const azure = after({ ending: 'runs-on', obeys: false });
    azure.onLook = (look, job) => {
      // What it writes is there, and does not verify: the watch is shown valid ones alone.
      if (look === 2) azure.save(job, 40);
    };
    await runOf(azure, {
      checkpoints: { everySeconds: 1200, everySteps: undefined },
      recovery: { ...NO_BUDGET, infrastructureErrors: 1, attemptsWithoutProgress: 2 },
    });
    assert.deepEqual(endings(azure), ['no-new-checkpoint', 'completed']);
    const [alert] = journaled(azure, 'watch-alert').map(({ alert }) => alert);
    assert.deepEqual(
      [alert?.kind === 'limit' && alert.limit, alert?.kind === 'limit' && alert.did],
      ['checkpoint', 'alert'],
    );
    assert.ok(alert?.kind === 'limit' && alert.seconds >= 3600 && alert.seconds < 3700, JSON.stringify(alert));
    const [passed] = journaled(azure, 'limit-passed');
    assert.ok(passed && passed.seconds >= 7200 && passed.seconds < 7300, JSON.stringify(passed));
    assert.deepEqual(resumedFrom(azure), [0, 40]);
  });

  it('B24 three attempts that start well and die before they save end the run as NO_PROGRESS, before they burn more money', async () => {
    const dies: Script = { ending: 'lost-peer', looks: 20 };
    const azure = after({ ending: 'preempted', saves: [40] }, dies, dies, dies, dies);
    const recovery = { ...NO_BUDGET, infrastructureErrors: 9, attemptsWithoutProgress: 3 };
    const { message } = await failureOf(await suite.start(azure, { over: { recovery } }));
    assert.match(message, /NO_PROGRESS: 3 attempts in a row ended without a new checkpoint/);
    assert.deepEqual(endings(azure), ['preempted', 'lost-peer', 'lost-peer', 'lost-peer']);
    assert.deepEqual([azure.report?.outcome, azure.alive()], ['failed', []]);
  });

  it('B31 five preemptions inside resubmissions, answers lost on the way, make one job per attempt and never two at once', async () => {
    const within: Script = { ending: 'preempted', before: ['Queued'], looks: 0 };
    const azure = new FakeAzure([
      { ending: 'preempted', saves: [40] },
      within,
      within,
      within,
      within,
      within,
      ...DONE,
    ]);
    azure.onCall = (activity) => {
      if (activity !== 'submitJob') return;
      // Gone before we hear that it is there: the retry of the submission finds a job that has ended.
      for (const job of azure.jobs.values()) if (job.script === within && job.looks === 0) job.status = 'Failed';
    };
    azure.onAnswer = (_call, activity) => {
      const name = [...azure.jobs.keys()].at(-1) ?? '';
      const loses = activity === 'submitJob' && azure.callsOf('submitJob').length % 2 === 0 && !lost.has(name);
      if (!loses) return;
      lost.add(name);
      throw ApplicationFailure.retryable('the connection broke', 'Azure:transient');
    };
    const lost = new Set<string>();
    await runOf(azure);
    assert.deepEqual(endings(azure), [...Array.from({ length: 6 }, () => 'preempted'), 'completed']);
    assert.deepEqual(resumedFrom(azure), [0, 40, 40, 40, 40, 40, 40]);
    assert.deepEqual([azure.jobs.size, azure.mostAlive], [8, 1]);
    assert.ok(lost.size >= 2, `${lost.size} answers were lost`);
  });
});
