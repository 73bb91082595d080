import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobContainer } from '../../azure/blob.js';
import { connectAzure } from '../../azure/connection.js';
import { getCluster } from '../../azure/cluster.js';
import { isTerminal, listJobs } from '../../azure/jobs.js';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { BerthaClient, type RunReport } from '../../client.js';
import { bertha as inBertha, installation } from '../../installation.js';
import { type Stack, startStack } from '../../stack/stack.js';
import { temporalTarget } from '../../temporal/connection.js';
import { seeded } from '../house/random.js';
import { findSecrets, payloadTexts } from '../house/secrets.js';
import { bertha } from '../cli/support/run.js';
import { lineageLosses, weights } from './lineage.js';
import { loseTemporal } from './lose-temporal.js';
import { heartbeatSeen, readCurves, seen, until } from './observe.js';
import { SMALL, smallConfig, smallDump } from './small-config.js';

/**
 * Two real runs on one stack of real parts. `preempted` loses a node in the middle and is steered by an operator; `straight` loses none, but its
 * worker is killed twice, and then its Temporal is lost with all it knew. They share config and data, so whatever a preemption, a pause, a killed
 * worker or a lost server would change in the training shows as a difference between them.
 */
describe('e2e: two small runs on the local stack', function () {
  this.timeout(240_000);
  let stack: Stack;
  let client: BerthaClient;
  let store: BlobContainer;
  const reports: Record<string, RunReport> = {};
  const histories: Awaited<ReturnType<BerthaClient['history']>>[] = [];
  const config = (name: string) => smallConfig(name, inBertha('stacks', 'e2e', 'dump.xml'));
  const where = ['--account', 'devstoreaccount1', '--container', 'bertha', '--cloud', 'local'];
  const killingWorker = inBertha('build', 'test', 'e2e', 'self-killing-worker.js');

  before(async () => {
    stack = await startStack({
      name: 'e2e',
      fresh: true,
      scenario: join(installation, 'test', 'e2e', 'scenario.yaml'),
      worker: false,
    });
    mkdirSync(stack.places.folder, { recursive: true });
    writeFileSync(inBertha('stacks', 'e2e', 'dump.xml'), smallDump());
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

  it('a run whose node is taken away comes back from its last checkpoint; its operator is heard by the trainer that comes', async () => {
    await stack.startWorker();
    const again = await seen(client, 'preempted', ({ status }) => status?.jobName === 'preempted-p1-a002');
    assert.equal(again.status?.head?.step, SMALL.checkpointEvery);
    assert.equal(
      await client.setCheckpointInterval('preempted', { steps: 20 }, { by: 'ada' }),
      'a checkpoint every 20 steps',
    );
    const acknowledged = await heartbeatSeen(
      store,
      'preempted/p1/attempts/a002',
      ({ control }) => control?.checkpointSteps === 20,
    );
    assert.deepEqual([acknowledged.control?.checkpointSteps, acknowledged.control?.checkpointSeconds], [20, null]);
  });

  it('a pause saves and ends the job and holds no node, said twice it is one pause, and resume goes on from the very step', async () => {
    const told = [];
    for (let time = 0; time < 2; time++) told.push(await client.pauseRun('preempted', { by: 'ada', id: 'ticket-17' }));
    assert.deepEqual(told, Array(2).fill('the job saves and ends; nothing is paid until bertha resume'));
    const { status } = await seen(client, 'preempted', (view) => view.status?.jobName === null);
    const { azure, cluster } = config('preempted');
    assert.deepEqual(
      (await jobsOf('preempted')).filter(({ status: state }) => !isTerminal(state)),
      [],
    );
    await until(async () => (await getCluster(connectAzure(azure), cluster.name))?.nodes === 0);
    assert.equal(await client.resumeRun('preempted', { by: 'ada' }), 'the next attempt is submitted');
    reports['preempted'] = await client.result('preempted');
    const [first, second, third] = reports['preempted'].phases[0]?.attempts ?? [];
    assert.equal(reports['preempted'].outcome, 'completed');
    assert.deepEqual([first?.ending, second?.ending, third?.ending], ['preempted', 'stopped-on-request', 'completed']);
    assert.ok((first?.lastStep ?? 0) > (second?.resumedFromStep ?? 0), 'work behind the last checkpoint was lost');
    assert.equal(second?.resumedFromStep, SMALL.checkpointEvery);
    assert.deepEqual([second.keptStep, third?.resumedFromStep], [status?.head?.step, status?.head?.step]);
    assert.equal(second.lastStep, second.keptStep, 'nothing was lost by the pause');
    const pauses = reports['preempted'].incidents.filter(({ text }) => text.startsWith('paused by ada'));
    assert.equal(pauses.length, 1);
  });

  it('its ledger sums to the wall time, its nodes cost money, its model is registered', () => {
    const { seconds, cost, model } = reports['preempted']!;
    assert.ok(Math.abs(seconds.useful + seconds.lost + seconds.waiting - seconds.wall) < 0.002);
    assert.ok(seconds.lost > 0 && seconds.useful > 0 && seconds.waiting > 0);
    assert.ok(cost.total > 0 && cost.nodeSeconds > 0);
    assert.equal(model?.name, 'tiny');
  });

  it('its ledger tells every second: what was lost, restored, saved and waited for, and by whom', () => {
    const { goodput, seconds } = reports['preempted']!;
    const told = Object.fromEntries(goodput?.buckets.map((one) => [one.bucket, one.seconds]) ?? []);
    const sum = Object.values(told).reduce((all, one) => all + one, 0);
    assert.equal(Math.round(sum * 1000), Math.round(seconds.wall * 1000));
    for (const bucket of ['boot', 'startup', 'restore', 'useful', 'checkpoint-stall', 'lost-work', 'person', 'closing'])
      assert.ok((told[bucket] ?? 0) > 0, `no second of ${bucket} in ${JSON.stringify(told)}`);
    assert.ok((told['unexplained'] ?? 0) < 0.1, `${told['unexplained']} s are unexplained`);
    assert.deepEqual(
      goodput?.interruptions.map(({ job, ending }) => [job, ending]),
      [
        ['preempted-p1-a001', 'preempted'],
        ['preempted-p1-a002', 'stopped-on-request'],
      ],
    );
  });

  it('a run whose worker is killed between PUT and its recorded answer, and once more later, trains on', async () => {
    await stack.kill('worker');
    await stack.startWorker(killingWorker);
    await client.startRun(config('straight'));
    await seen(client, 'straight', (view) => !view.workerRuns || view.status?.jobName !== null, 60);
    await stack.workerExit();
    await stack.startWorker();
    const step = Math.ceil(seeded(2026)() * 20);
    await seen(client, 'straight', (view) => (view.progress?.step ?? 0) >= step);
    await stack.kill('worker');
  });

  it('and whose Temporal is lost with its database in the middle is taken up from storage and completes with one job per attempt', async () => {
    for (const run of ['preempted', 'straight']) histories.push(await client.history(run));
    const before = await client.getRun('straight');
    await loseTemporal(stack);
    await stack.startWorker();
    await assert.rejects(client.getRun('straight'), /no run named "straight"/);
    const taken = await bertha(['start', '--from-storage', 'runs/straight', ...where], { BERTHA_STACK: 'e2e' });
    assert.equal(taken.code, 0, taken.err);
    reports['straight'] = await client.result('straight');
    assert.deepEqual((await jobsOf('straight')).map(({ name }) => name).sort(), [
      'straight-p1-a001',
      'straight-p2-a001',
    ]);
    assert.equal(reports['straight'].preemptions, 0);
    assert.equal(reports['straight'].startedAt, before.startedAt.toISOString(), 'its time and cost count on');
    assert.match(
      (await store.text('runs/straight/journal.jsonl')) ?? '',
      /"jobName":"straight-p1-a001"[^\n]*"adopted":true/,
    );
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
    const { preempted, straight } = reports;
    assert.ok(preempted && straight);
    assert.deepEqual(await lineageLosses(store, preempted), await lineageLosses(store, straight));
    assert.equal(await weights(store, preempted), await weights(store, straight));
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
    for (const history of [...histories, await client.history('straight')].map(historyToJSON)) {
      const read = payloadTexts(history).some((text) => text.includes('bertha-source'));
      assert.ok(read, 'the payloads of the history are read');
      assert.deepEqual(findSecrets(history), []);
    }
    for (const run of ['preempted', 'straight']) {
      const records = ['journal.jsonl', 'report.json', 'report.md', 'run.json'].map((file) => `runs/${run}/${file}`);
      const texts = await Promise.all(records.map((path) => store.text(path)));
      for (const text of texts) assert.deepEqual(findSecrets(text ?? ''), []);
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
    const view = await client.getRun('straight');
    assert.equal(view.state, 'completed');
    assert.equal(view.status?.outcome, 'completed');
    assert.match((await store.text('runs/preempted/report.md')) ?? '', /preempted-p1-a001 \| preempted/);
  });

  it('storage and Azure ML that are killed come back where they were, with all that they held', async () => {
    const { azure, cluster } = config('straight');
    await store.write('kept', 'written before the kill');
    for (const part of ['azurite', 'azureml'] as const) {
      await stack.kill(part);
      await stack.revive(part);
    }
    assert.equal(await store.text('kept'), 'written before the kill');
    const found = await getCluster(connectAzure(azure), cluster.name);
    assert.equal(found?.sku.toLowerCase(), cluster.sku.toLowerCase());
  });

  async function jobsOf(run: string) {
    const jobs = await listJobs(connectAzure(config(run).azure), `bertha.run=${run}`);
    return jobs.filter((job) => job.tags['bertha.run'] === run);
  }
});
