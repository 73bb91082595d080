import assert from 'node:assert/strict';
import { classifyEnding } from '../../domain/endings/classify.js';
import { activities, place, store } from './support/deps.js';
import { evict, submitRequest } from './support/jobs.js';
import { run } from './support/run.js';
import { writeHeartbeat } from './support/metrics.js';
import { end, endRequest, running, watchRequest, watchToEnd } from './support/watching.js';

describe('activities: how a job ended', function () {
  this.timeout(40_000);

  const evidenceOf = async (name: string, status: 'Failed' | 'Canceled') => {
    const asked = { place: place(name), phase: 'p1', attempt: 1, jobName: `${name}-p1-a001`, cluster: 'jobs' };
    const collected = await run(activities.collectEvidence, { ...asked, status, endedByUs: null });
    return { ...collected, evidence: { ...collected.evidence, finalCheckpointVerified: false } };
  };

  it('is preempted after a node was taken away: the node by its name, and then by what Azure says of the job', async () => {
    const submitted = Date.now();
    const asked = await submitRequest('evicted', 'sleep 100');
    await run(activities.submitJob, { ...asked, cluster: { ...asked.cluster, nodes: 2 } });
    await running('evicted-p1-a001');
    await evict('evicted-p1-a001', 1);
    // A preempted node is listed only for as long as its replacement takes, the reason of the job stays.
    const soon = await evidenceOf('evicted', 'Failed');
    assert.equal((await watchToEnd(watchRequest('evicted'))).status, 'Failed');
    const { evidence, nodesFrom, nodesUntil } = await evidenceOf('evicted', 'Failed');
    assert.equal(soon.evidence.preemptedNodes.length, 1);
    const atOnce = classifyEnding(soon.evidence);
    assert.match(atOnce.ending, /^(preempted|node-lost)$/);
    assert.match(atOnce.because, new RegExp(`^node ${soon.evidence.preemptedNodes[0]} preempted`));
    const later = classifyEnding({ ...evidence, preemptedNodes: [] });
    assert.equal(later.ending, 'preempted');
    assert.match(later.because, /PreemptionError/);
    assert.ok(nodesFrom !== null && nodesUntil !== null);
    assert.ok(submitted < nodesFrom && nodesFrom < nodesUntil && nodesUntil <= Date.now());
  });

  it('is a user error with the exit code and the last words of the log where the command fails', async () => {
    await run(activities.submitJob, await submitRequest('broken', 'echo the vocabulary is empty; exit 3'));
    assert.equal((await watchToEnd(watchRequest('broken'))).status, 'Failed');
    const { evidence } = await evidenceOf('broken', 'Failed');
    const { ending, because } = classifyEnding(evidence);
    assert.equal(ending, 'user-error');
    assert.match(because, /status code 3.*the vocabulary is empty/);
    assert.deepEqual([evidence.preemptedNodes, evidence.trainerStarted, evidence.lastWords], [[], false, null]);
    assert.equal(evidence.lowPriority, true);
  });

  it('has the last lines of a long log, and never reads it whole', async () => {
    await run(activities.submitJob, await submitRequest('wordy', 'seq 1 20000; echo CUDA out of memory; exit 1'));
    await watchToEnd(watchRequest('wordy'));
    const { evidence } = await evidenceOf('wordy', 'Failed');
    assert.deepEqual(
      [evidence.logTail?.length, evidence.logTail?.at(-2), evidence.logTail?.at(-1)],
      [20, '20000', 'CUDA out of memory'],
    );
    assert.equal(classifyEnding(evidence).ending, 'out-of-memory');
  });

  it('is a preemption where Azure canceled it for want of capacity, though nobody asked it to', async () => {
    await run(activities.submitJob, await submitRequest('starved', 'sleep 100'));
    await running('starved-p1-a001');
    await writeHeartbeat({ run: 'starved' }, { step: 12 });
    await evict('starved-p1-a001', 0, 'canceled');
    assert.equal((await watchToEnd(watchRequest('starved'))).status, 'Canceled');
    const { evidence } = await evidenceOf('starved', 'Canceled');
    const { ending, because } = classifyEnding({ ...evidence, preemptedNodes: [] });
    assert.equal(ending, 'preempted-canceled');
    assert.match(because, /no capacity came back/);
  });

  it('is no preemption where somebody else canceled it', async () => {
    await run(activities.submitJob, await submitRequest('unwanted', 'sleep 100'));
    await running('unwanted-p1-a001');
    await end(endRequest('unwanted'));
    const { evidence } = await evidenceOf('unwanted', 'Canceled');
    assert.equal(classifyEnding(evidence).ending, 'canceled-elsewhere');
  });

  it('takes the trainer at its last words where it left any, from its newest incarnation', async () => {
    const words = {
      reason: 'nan',
      message: 'the loss is NaN at step 7',
      step: 7,
      exitCode: 5,
      at: '2026-11-23T01:00:00.000Z',
    };
    const older = { ...words, reason: 'interrupted', message: 'told to stop' };
    for (const [incarnation, said] of [
      ['20261123T010000000Z-1', older],
      ['20261123T010100000Z-0', words],
    ] as const) {
      await (await store()).write(`runs/broken/p1/attempts/a001/${incarnation}/ending.json`, JSON.stringify(said));
    }
    const { evidence } = await evidenceOf('broken', 'Failed');
    const { ending, because, spike } = classifyEnding(evidence);
    assert.deepEqual([ending, because], ['nan', 'the trainer said: the loss is NaN at step 7 (exit code 5)']);
    assert.deepEqual(spike, { step: 7, before: null, until: 7 });
  });
});
