import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../domain/attempts.js';
import type { CheckpointRef } from '../../domain/checkpoints.js';
import { type JournalEntry, readJournal } from '../../domain/journal.js';
import { journalPath, reportPath } from '../../domain/paths.js';
import { runReportSchema } from '../../domain/report.js';
import { armRequest } from '../../azure/arm.js';
import { activities, azure, config, place, store } from './support/deps.js';
import { submitRequest } from './support/jobs.js';
import { START, folderOf } from './support/metrics.js';
import { run } from './support/run.js';
import { end, endRequest } from './support/watching.js';

describe('activities: records', function () {
  this.timeout(30_000);
  before(store);

  const at = (seconds: number) => START + seconds * 1000;
  const head: CheckpointRef = {
    ...{ phase: 'p1', attempt: 'a002', incarnation: 'i1', step: 80, at: '2026-11-23T01:00:00.000Z' },
    ...{
      path: `${folderOf({ run: 'reported', attempt: 2 })}/checkpoints/step-000000080`,
      sampleHash: 'abcdef0123456789',
    },
  };
  const preempted: AttemptRecord = {
    ...{
      phase: 'p1',
      attempt: 1,
      jobName: 'reported-p1-a001',
      ending: 'preempted',
      because: 'node n1 preempted',
      resumedFrom: null,
    },
    ...{
      firstStep: 1,
      lastStep: 60,
      keptStep: 50,
      lossFirst: 6,
      lossLast: 3,
      checkpointsWritten: 2,
      nodes: 2,
      rejectedCheckpoints: [],
    },
    ...{
      submittedAt: at(10),
      nodesFrom: at(15),
      trainingFrom: at(20),
      keptUntil: at(70),
      trainedUntil: at(80),
      endedAt: at(85),
    },
  };
  const completed: AttemptRecord = {
    ...preempted,
    ...{
      attempt: 2,
      jobName: 'reported-p1-a002',
      ending: 'completed',
      because: 'done',
      resumedFrom: { ...head, attempt: 'a001', step: 50 },
    },
    ...{ firstStep: 51, lastStep: 80, keptStep: 80, lossFirst: 3, lossLast: 2, checkpointsWritten: 1 },
    ...{
      submittedAt: at(90),
      nodesFrom: at(95),
      trainingFrom: at(100),
      keptUntil: at(130),
      trainedUntil: at(130),
      endedAt: at(135),
    },
  };
  const attempt = (record: AttemptRecord): JournalEntry => ({ type: 'attempt', chain: 'chain-1', record });
  const event = (sequence: number): JournalEntry => ({
    type: 'event',
    chain: 'chain-1',
    event: { kind: 'stage-started', stage: 'data', sequence, at: at(sequence) },
  });
  const append = (name: string, entries: JournalEntry[]) => run(activities.record, { place: place(name), entries });

  it('a journal that was appended twice, after a lost answer, is read once and in order', async () => {
    const entries = [event(1), event(2), attempt(preempted)];
    await append('journaled', entries);
    await append('journaled', entries);
    await append('journaled', [event(3), attempt(completed)]);
    const text = (await (await store()).text(journalPath('journaled'))) ?? '';
    assert.equal(text.trim().split('\n').length, 8, 'every append is there');
    const journal = readJournal(text);
    assert.deepEqual(
      journal.events.map(({ sequence }) => sequence),
      [1, 2, 3],
    );
    assert.deepEqual(journal.attempts, [preempted, completed]);
  });

  describe('the report', () => {
    const request = () => ({
      ...{
        place: place('reported'),
        config: config('reported'),
        outcome: 'completed' as const,
        because: 'all phases done',
      },
      ...{ startedAt: START, endedAt: at(150), currency: 'USD', pricePerNodeHour: 3.6, heads: { p1: head } },
      ...{
        model: { name: 'tiny', version: 'v1', path: head.path },
        dataset: { name: 'tiny', contentId: '0123456789abcdef' },
      },
    });

    it('is written from the journal: phases, losses, attempts, seconds that add up, and money', async () => {
      await append('reported', [attempt(preempted), attempt(completed), attempt(completed)]);
      const evaluation = {
        step: 80,
        heldOut: { mlm: 2.5, nsp: 0.69, mlmAccuracy: 0.3, nspAccuracy: 0.5 },
        unigram: 3.5,
        uniform: 5.5,
      };
      await (
        await store()
      ).write(`${folderOf({ run: 'reported', attempt: 2 })}/evaluation.json`, JSON.stringify(evaluation));
      const report = await run(activities.writeReport, request());
      const [p1, p2] = report.phases;
      assert.deepEqual(p1?.steps, { done: 80, planned: 80 });
      assert.deepEqual(p1?.loss, {
        mlm: { first: 6, last: 2, heldOut: 2.5, unigram: 3.5, uniform: 5.5 },
        nsp: { heldOut: 0.69, accuracy: 0.5 },
      });
      assert.deepEqual(
        p1?.attempts.map(({ job, ending, resumedFromStep, keptStep }) => [job, ending, resumedFromStep, keptStep]),
        [
          ['reported-p1-a001', 'preempted', 0, 50],
          ['reported-p1-a002', 'completed', 50, 80],
        ],
      );
      assert.deepEqual([p2?.steps.done, p2?.attempts], [0, []]);
      assert.deepEqual(report.seconds, { useful: 80, lost: 10, waiting: 60, wall: 150 });
      // 2 nodes for 70 s and for 40 s, at 3.6 an hour: 0.001 a second.
      assert.deepEqual([report.cost.nodeSeconds, report.cost.total, report.preemptions], [220, 0.22, 1]);
    });

    it('lies in Blob as JSON that fits its published schema and as text, and is the same when it is written again', async () => {
      const blobs = await store();
      const before = await blobs.text(reportPath('reported', 'json'));
      const report = runReportSchema.parse(JSON.parse(before ?? ''));
      assert.deepEqual(await run(activities.writeReport, request()), report);
      assert.equal(await blobs.text(reportPath('reported', 'json')), before);
      assert.match((await blobs.text(reportPath('reported', 'md'))) ?? '', /reported-p1-a001 \| preempted/);
    });

    it('is written for a run that has no journal, too', async () => {
      const report = await run(activities.writeReport, {
        ...request(),
        place: place('empty'),
        heads: {},
        outcome: 'failed',
        model: null,
      });
      assert.deepEqual(
        report.phases.map((phase) => phase.attempts),
        [[], []],
      );
      assert.deepEqual([report.seconds.wall, report.seconds.waiting, report.cost.total], [150, 150, 0]);
    });
  });

  it('B18 a model is registered once, under a version made from its checkpoint, with the path and the step', async () => {
    const asked = { place: place('reported'), name: 'tiny', checkpoint: head };
    const made = { name: 'tiny', version: 'abcdef012345', path: head.path };
    assert.deepEqual(await run(activities.registerModel, asked), made);
    assert.deepEqual(await run(activities.registerModel, asked), made);
    const { body } = await armRequest(azure(), 'GET', '/models/tiny/versions/abcdef012345');
    const { modelUri, tags } = (body as { properties: { modelUri: string; tags: Record<string, string> } }).properties;
    assert.equal(modelUri, `azureml://datastores/bertha/paths/${head.path}`);
    assert.deepEqual(tags, { 'bertha.run': 'reported', 'bertha.phase': 'p1', 'bertha.step': '80' });
  });

  it('jobs of this run that still live are named until they ended; those of an older run of the name are not', async () => {
    const asked = {
      place: place('living'),
      config: config('living'),
      spec: 's',
      chain: 'chain-of-living',
      continueRun: false,
    };
    const ours = await submitRequest('living', 'sleep 100');
    await run(activities.submitJob, { ...ours, attempt: 2, chain: 'an-older-chain' });
    await run(activities.claimRun, asked);
    await run(activities.submitJob, ours);
    const { place: where, chain } = asked;
    assert.deepEqual(await run(activities.jobsAlive, { place: where, chain }), ['living-p1-a001']);
    for (const jobName of ['living-p1-a001', 'living-p1-a002']) await end(endRequest('living', { jobName }));
    assert.deepEqual(await run(activities.jobsAlive, { place: where, chain }), []);
  });
});
