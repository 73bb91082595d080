import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobContainer } from '../../azure/blob.js';
import { connectAzure } from '../../azure/connection.js';
import { listJobs } from '../../azure/jobs.js';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { BerthaClient, type RunReport } from '../../client.js';
import { bertha, installation } from '../../installation.js';
import { type Stack, startStack } from '../../stack/stack.js';
import { temporalTarget } from '../../temporal/connection.js';
import { readMetrics } from '../../activities/trainer.js';
import { seeded } from '../house/random.js';
import { findSecrets, payloadTexts } from '../house/secrets.js';
import { readCurves, seen } from './observe.js';
import { SMALL, smallConfig, smallDump } from './small-config.js';

/**
 * Two real runs on one stack of real parts. `preempted` loses a node in the middle; `straight` loses none, but its worker is killed three times.
 * They share config and data, so whatever a preemption or a killed worker would change in the training shows as a difference between them.
 */
describe('e2e: two small runs on the local stack', function () {
  this.timeout(240_000);
  let stack: Stack;
  let client: BerthaClient;
  let store: BlobContainer;
  const reports: Record<string, RunReport> = {};
  const config = (name: string) => smallConfig(name, bertha('stacks', 'e2e', 'dump.xml'));
  const killingWorker = bertha('build', 'test', 'e2e', 'self-killing-worker.js');

  before(async () => {
    stack = await startStack({
      name: 'e2e',
      fresh: true,
      scenario: join(installation, 'test', 'e2e', 'scenario.yaml'),
      worker: false,
    });
    mkdirSync(stack.places.folder, { recursive: true });
    writeFileSync(bertha('stacks', 'e2e', 'dump.xml'), smallDump());
    process.env['BERTHA_CLOUDS_DIR'] = stack.places.folder;
    client = await BerthaClient.connect(temporalTarget('e2e'));
    const { azure, storage } = config('preempted');
    store = connectAzure(azure).container(storage.account, storage.container);
  });

  after(async () => {
    await client?.close();
    await stack?.stop();
    delete process.env['BERTHA_CLOUDS_DIR'];
  });

  it('a run that is started while no worker runs says so, waits, and loses nothing', async () => {
    await client.startRun(config('preempted'));
    const view = await client.getRun('preempted');
    assert.equal(view.state, 'running');
    assert.equal(view.workerRuns, false);
  });

  it('a run whose node is taken away comes back from its last checkpoint and completes', async () => {
    await stack.startWorker();
    reports['preempted'] = await client.result('preempted');
    const [first, second] = reports['preempted'].phases[0]?.attempts ?? [];
    assert.equal(reports['preempted'].outcome, 'completed');
    assert.equal(first?.ending, 'preempted');
    assert.equal(second?.ending, 'completed');
    assert.ok((first?.lastStep ?? 0) > (second?.resumedFromStep ?? 0), 'work behind the last checkpoint was lost');
    assert.ok((second?.resumedFromStep ?? 0) >= SMALL.checkpointEvery);
  });

  it('its ledger sums to the wall time, its nodes cost money, its model is registered', () => {
    const { seconds, cost, model } = reports['preempted']!;
    assert.ok(Math.abs(seconds.useful + seconds.lost + seconds.waiting - seconds.wall) < 0.002);
    assert.ok(seconds.lost > 0 && seconds.useful > 0 && seconds.waiting > 0);
    assert.ok(cost.total > 0 && cost.nodeSeconds > 0);
    assert.equal(model?.name, 'tiny');
  });

  it('a run whose worker is killed between PUT and its recorded answer and at two more moments completes with one job per attempt', async () => {
    await stack.kill('worker');
    await stack.startWorker(killingWorker);
    await client.startRun(config('straight'));
    await seen(client, 'straight', (view) => !view.workerRuns || view.status?.jobName !== null, 60);
    await stack.workerExit();
    const draw = seeded(2026);
    const steps = [draw(), draw()].map((share) => Math.ceil(share * (SMALL.phases.p1 - 5))).sort((a, b) => a - b);
    for (const step of steps) {
      await stack.startWorker();
      await seen(client, 'straight', (view) => (view.progress?.step ?? 0) >= step || view.status?.phase === 'p2');
      await stack.kill('worker');
    }
    await stack.startWorker();
    reports['straight'] = await client.result('straight');
    const jobs = await listJobs(connectAzure(config('straight').azure), 'bertha.run=straight');
    const ours = jobs.filter((job) => job.tags['bertha.run'] === 'straight').map((job) => job.name);
    assert.deepEqual(ours.sort(), ['straight-p1-a001', 'straight-p2-a001']);
    assert.equal(reports['straight'].preemptions, 0);
  });

  it('the preempted run saw the same samples in the same order: the running hash of each phase is the same', () => {
    const hashes = (name: string) => reports[name]?.phases.map((phase) => phase.sampleHash);
    assert.deepEqual(hashes('preempted'), hashes('straight'));
    assert.equal(
      hashes('straight')?.every((hash) => /^[0-9a-f]{64}$/.test(hash ?? '')),
      true,
    );
  });

  it('its losses along the lineage are the same digit for digit, and its final weights have the same sha256', async () => {
    assert.deepEqual(await lineageLosses('preempted'), await lineageLosses('straight'));
    assert.equal(await weights('preempted'), await weights('straight'));
  });

  it("TensorBoard's own reader finds one run per phase with every step once, through the preemption", async () => {
    const curves = await readCurves(store, 'preempted');
    assert.deepEqual(Object.keys(curves).sort(), ['p1', 'p2']);
    for (const [phase, steps] of Object.entries(SMALL.phases)) {
      assert.deepEqual(
        curves[phase]?.['loss/mlm'],
        Array.from({ length: steps }, (_, index) => index + 1),
      );
    }
  });

  it('no history, journal, report or log of it holds a secret', async () => {
    for (const run of ['preempted', 'straight']) {
      const history = historyToJSON(await client.history(run));
      assert.ok(
        payloadTexts(history).some((text) => text.includes('bertha-source')),
        'the payloads of the history are read',
      );
      const records = ['journal.jsonl', 'report.json', 'report.md', 'run.json'].map((file) => `runs/${run}/${file}`);
      const texts = await Promise.all(records.map((path) => store.text(path)));
      for (const text of [history, ...texts]) assert.deepEqual(findSecrets(text ?? ''), []);
    }
    for (const file of readdirSync(stack.places.logs)) {
      assert.deepEqual(findSecrets(readFileSync(join(stack.places.logs, file), 'utf8')), [], file);
    }
  });

  it('a name is used once: a second start is refused with the choice to continue', async () => {
    await assert.rejects(
      client.startRun(config('straight')),
      /exists already \(completed\); choose another name, or go on with it/,
    );
  });

  it('after the worker is gone the report is still there and the run can be looked at', async () => {
    await stack.kill('worker');
    const view = await client.getRun('preempted');
    assert.equal(view.state, 'completed');
    assert.equal(view.status?.outcome, 'completed');
    assert.match((await store.text('runs/preempted/report.md')) ?? '', /preempted-p1-a001 \| preempted/);
  });

  async function lineageLosses(run: string): Promise<unknown[]> {
    const losses: unknown[] = [];
    for (const phase of reports[run]?.phases ?? []) {
      for (const attempt of phase.attempts) {
        const folder = `runs/${run}/${phase.name}/attempts/${attempt.job.slice(-4)}`;
        for (const incarnation of await store.folders(folder)) {
          const lines = await readMetrics(store, `${folder}/${incarnation}`);
          losses.push(
            ...lines
              .filter((line) => line.step <= (attempt.keptStep ?? 0))
              .map((line) => [phase.name, line.step, line.loss]),
          );
        }
      }
    }
    return losses;
  }

  async function weights(run: string): Promise<string> {
    const path = reports[run]?.model?.path ?? '';
    return (await store.sha256(`${path}/model.safetensors`)).sha256;
  }
});
