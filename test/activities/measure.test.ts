import assert from 'node:assert/strict';
import { makeCheckpoint } from './support/checkpoints.js';
import { activities, place, store } from './support/deps.js';
import { START, endOf, folderOf, lossOf, writeHeartbeat, writeMetrics } from './support/metrics.js';
import { run } from './support/run.js';
import { sharedStack } from './support/stack.js';

describe('activities: measuring an attempt', function () {
  this.timeout(30_000);
  before(sharedStack);

  const measure = async (name: string, keptStep: number | null, attempt = 1) =>
    (await run(activities.measureAttempt, { place: place(name), phase: 'p1', attempt, keptStep })).progress;

  it('says of an attempt that never made a step that nothing is known', async () => {
    const nothing = {
      firstStep: null,
      lastStep: null,
      trainingFrom: null,
      keptUntil: null,
      trainedUntil: null,
      lossFirst: null,
      lossLast: null,
    };
    assert.deepEqual(await measure('unmeasured', null), { ...nothing, checkpointsWritten: 0, starts: [] });
  });

  it('reads steps, losses and times from its metrics, and counts checkpoints that have a manifest', async () => {
    await writeMetrics({ run: 'measured' }, 1, 11, 14);
    await writeMetrics({ run: 'measured' }, 2, 15, 20);
    await makeCheckpoint({ run: 'measured', step: 15 });
    await makeCheckpoint({ run: 'measured', step: 20, manifest: null });
    const { starts, ...measured } = await measure('measured', 15);
    assert.equal(starts?.length, 1);
    assert.deepEqual(measured, {
      ...{ firstStep: 11, lastStep: 20, trainingFrom: endOf(10), keptUntil: endOf(15), trainedUntil: endOf(20) },
      ...{ lossFirst: lossOf(11), lossLast: lossOf(20), checkpointsWritten: 1 },
    });
    assert.equal((await measure('measured', null)).keptUntil, null, 'nothing kept');
  });

  it('counts steps that only the heartbeat knows of as made, and as lost', async () => {
    await writeMetrics({ run: 'ahead' }, 1, 1, 10);
    await writeHeartbeat({ run: 'ahead' }, { step: 13, at: new Date(endOf(13)).toISOString() });
    const { lastStep, trainedUntil, keptUntil } = await measure('ahead', 10);
    assert.deepEqual(
      { lastStep, trainedUntil, keptUntil },
      { lastStep: 13, trainedUntil: endOf(13), keptUntil: endOf(10) },
    );
  });

  it('ignores a heartbeat that is behind the metrics', async () => {
    await writeMetrics({ run: 'behind' }, 1, 1, 10);
    await writeHeartbeat({ run: 'behind' }, { step: 4, at: new Date(endOf(4)).toISOString() });
    const { lastStep, trainedUntil } = await measure('behind', 10);
    assert.deepEqual({ lastStep, trainedUntil }, { lastStep: 10, trainedUntil: endOf(10) });
  });

  it('goes from the first step of its first incarnation to the last step of its last one', async () => {
    await writeMetrics({ run: 'requeued', incarnation: '1' }, 1, 1, 8);
    await writeMetrics({ run: 'requeued', incarnation: '2' }, 1, 1, 6, START + 60_000);
    const { firstStep, lastStep, trainingFrom, trainedUntil, keptUntil } = await measure('requeued', 5);
    assert.deepEqual(
      { firstStep, lastStep, trainingFrom, trainedUntil },
      { firstStep: 1, lastStep: 6, trainingFrom: START, trainedUntil: endOf(6, START + 60_000) },
    );
    assert.equal(keptUntil, endOf(5, START + 60_000));
  });

  it('tells of every start when it began, what it restored, trained and saved, and in which time', async () => {
    const first = '20261123T005930000Z-00000001';
    const second = '20261123T010100000Z-00000002';
    await writeMetrics({ run: 'timed', incarnation: first }, 1, 1, 8);
    const beat = { restoreSeconds: 12.5, startedAt: new Date(START + 61_000).toISOString(), step: 14 };
    const stalls = { checkpoints: 2, seconds: 7.5, last: 2.5 };
    await writeMetrics({ run: 'timed', incarnation: second }, 1, 6, 12, START + 90_000, { 11: 5 });
    const at = new Date(START + 105_000).toISOString();
    await writeHeartbeat({ run: 'timed', incarnation: second }, { ...beat, checkpointStall: stalls, at });
    assert.deepEqual((await measure('timed', 10)).starts, [
      {
        ...{ incarnation: first, startedAt: START - 30_000, restoreSeconds: null, firstStep: 1, lastStep: 8 },
        ...{ trainingFrom: START, trainedUntil: endOf(8), stallSeconds: null, lastStallSeconds: null },
      },
      {
        ...{ incarnation: second, startedAt: START + 61_000, restoreSeconds: 12.5, firstStep: 6, lastStep: 14 },
        ...{ trainingFrom: endOf(5, START + 90_000), trainedUntil: START + 105_000 },
        ...{ stallSeconds: 5, lastStallSeconds: 2.5 },
      },
    ]);
  });

  it('passes over lines that are damaged: metrics are evidence, not state', async () => {
    await writeMetrics({ run: 'torn-metrics' }, 1, 1, 3);
    await (await store()).write(`${folderOf({ run: 'torn-metrics' })}/metrics/00002.jsonl`, '{"step": 4, "at"');
    assert.equal((await measure('torn-metrics', null)).lastStep, 3);
  });
});
