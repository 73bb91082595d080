import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tensorboardFolder } from '../../domain/paths.js';
import { readCurves } from '../e2e/observe.js';
import { makeCheckpoint } from './support/checkpoints.js';
import { activities, place, store } from './support/deps.js';
import { readEvents } from './support/events.js';
import { START, endOf, lossOf, writeMetrics } from './support/metrics.js';
import { run } from './support/run.js';
import { sharedStack } from './support/stack.js';

describe('activities: the TensorBoard view of a phase', function () {
  this.timeout(30_000);
  const name = 'curve';
  const folder = `${tensorboardFolder(name, 'p1')}/`;
  const publish = (attempt: number) =>
    run(activities.measureAttempt, { place: place(name), phase: 'p1', attempt, keptStep: 1 });
  const sections = async () => (await (await store()).list(folder)).map((blob) => blob.path.slice(folder.length));
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const first = { attempt: 'a001', incarnation: 'i1' };

  before(sharedStack);

  it('is empty until there is a checkpoint: later steps may still be undone', async () => {
    await writeMetrics({ run: name }, 1, 1, 7);
    await publish(1);
    assert.deepEqual(await sections(), []);
  });

  it('holds one section for each stretch between two checkpoints, and no step behind the newest', async () => {
    await makeCheckpoint({ run: name, step: 5 });
    await publish(1);
    assert.deepEqual(await sections(), ['events.out.tfevents.000000000.000000005.a001.i1']);
    await writeMetrics({ run: name }, 2, 8, 18);
    await makeCheckpoint({ run: name, step: 10, parent: { ...first, step: 5 } });
    await makeCheckpoint({ run: name, step: 15, parent: { ...first, step: 10 } });
    await publish(1);
    assert.deepEqual(
      await sections(),
      ['000000000.000000005', '000000005.000000010', '000000010.000000015'].map(
        (steps) => `events.out.tfevents.${steps}.a001.i1`,
      ),
    );
    assert.deepEqual(await steps(), numbers(1, 15));
  });

  it('holds for each step its losses, learning rate, gradient norm and seconds, at the time the step ended', async () => {
    const points = (await allPoints()).filter((point) => point.step === 7);
    const expected = { 'loss/mlm': lossOf(7), 'loss/nsp': 0.69, learning_rate: 0.001, grad_norm: 1.5, step_seconds: 1 };
    assert.deepEqual(
      points.map(({ tag, value }) => [tag, value]),
      Object.entries(expected).map(([tag, value]) => [tag, Math.fround(value)]),
    );
    assert.deepEqual([...new Set(points.map((point) => point.wallTime))], [endOf(7) / 1000]);
  });

  it('writes nothing when it is published again', async () => {
    const before = await (await store()).list(folder);
    await publish(1);
    assert.deepEqual(await (await store()).list(folder), before);
  });

  it('leaves out steps that a fallback to an older checkpoint undid, and goes on with the attempt after it', async () => {
    // a001 saved step 15, which then did not verify: a002 began from step 10.
    await writeMetrics({ run: name, attempt: 2 }, 1, 11, 22, START + 100_000);
    await makeCheckpoint({ run: name, attempt: 2, step: 20, parent: { ...first, step: 10 } });
    await publish(2);
    assert.deepEqual(await sections(), [
      'events.out.tfevents.000000000.000000005.a001.i1',
      'events.out.tfevents.000000005.000000010.a001.i1',
      'events.out.tfevents.000000010.000000020.a002.i1',
    ]);
    assert.deepEqual(await steps(), numbers(1, 20));
    const at11 = (await allPoints()).find((point) => point.step === 11);
    assert.equal(at11?.wallTime, endOf(11, START + 100_000) / 1000, 'step 11 is the one that counts');
  });

  it('does not touch what it published before', async () => {
    const [before] = await (await store()).list(folder);
    await writeMetrics({ run: name, attempt: 2 }, 2, 23, 30, START + 100_000);
    await makeCheckpoint({ run: name, attempt: 2, step: 30, parent: { attempt: 'a002', incarnation: 'i1', step: 20 } });
    await publish(2);
    const [after] = await (await store()).list(folder);
    assert.deepEqual(after, before);
    assert.deepEqual(await steps(), numbers(1, 30));
  });

  it("is read by TensorBoard's own reader as one run with every step once", async () => {
    const curves = await readCurves(await store(), name);
    assert.deepEqual(Object.keys(curves), ['p1']);
    for (const tag of ['loss/mlm', 'loss/nsp', 'learning_rate', 'grad_norm', 'step_seconds'])
      assert.deepEqual(curves['p1']?.[tag], numbers(1, 30), tag);
  });

  async function steps(): Promise<number[]> {
    return (await allPoints()).filter((point) => point.tag === 'loss/mlm').map((point) => point.step);
  }

  async function allPoints() {
    const temporary = await mkdtemp(join(tmpdir(), 'bertha-events-'));
    try {
      const points = [];
      for (const section of await sections()) {
        await (await store()).download(folder + section, join(temporary, section));
        points.push(...readEvents(await readFile(join(temporary, section))));
      }
      return points;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }
});
