import assert from 'node:assert/strict';
import { ApplicationFailureCategory } from '@temporalio/common';
import { type RetentionRequest, verifierActivities } from '../../activities/verifier.js';
import { verifiedFolder } from '../../domain/paths.js';
import { blobsBelow, flipBit, makeCheckpoint } from './support/checkpoints.js';
import { closedAddress, otherCloud } from './support/clouds.js';
import { activities, dataActivities, deps, place, store, unbound } from './support/deps.js';
import { dyingAfter } from './support/faults.js';
import { notingHashes } from './support/hashes.js';
import { failure, run } from './support/run.js';

describe('activities: checkpoints beside the watch', function () {
  this.timeout(30_000);
  before(store);

  describe('hashing', () => {
    const noting = notingHashes(deps);
    const { verifyCheckpoints } = unbound(verifierActivities(noting.deps));
    const verify = (name: string, where = place(name)) =>
      failure(run(verifyCheckpoints, { place: where, phases: ['p1'], pollSeconds: 12 }));
    const hashedNow = () => noting.hashed.splice(0);
    const records = async (name: string) =>
      (await blobsBelow(verifiedFolder(name, 'p1'))).map((path) => path.slice(verifiedFolder(name, 'p1').length + 1));

    it('hashes each checkpoint once, when it appears, and says BENIGN when it looks next', async () => {
      const first = await makeCheckpoint({ run: 'hashed', step: 10 });
      const { type, category, nextRetryDelay, message } = await verify('hashed');
      assert.deepEqual(
        { type, category, nextRetryDelay, message },
        {
          ...{ type: 'RunGoesOn', category: ApplicationFailureCategory.BENIGN },
          ...{ nextRetryDelay: 12_000, message: '1 checkpoints hashed at this look' },
        },
      );
      const files = ['model', 'optimizer', 'rng'].map((name) => `${first}/${name}.safetensors`);
      assert.deepEqual(hashedNow(), files);
      const second = await makeCheckpoint({ run: 'hashed', attempt: 2, incarnation: 'i2', step: 20 });
      await verify('hashed');
      assert.deepEqual(
        hashedNow(),
        files.map((path) => path.replace(first, second)),
      );
      await verify('hashed');
      assert.deepEqual(hashedNow(), []);
      assert.deepEqual(await records('hashed'), ['a001/i1/000000010.good.json', 'a002/i2/000000020.good.json']);
    });

    it('records a damaged one as bad, with the reason, and does not hash it again', async () => {
      const path = await makeCheckpoint({ run: 'hashed-bad', step: 10 });
      await flipBit(`${path}/model.safetensors`);
      await verify('hashed-bad');
      assert.deepEqual(await records('hashed-bad'), ['a001/i1/000000010.bad.json']);
      const record = await (await store()).json(`${verifiedFolder('hashed-bad', 'p1')}/a001/i1/000000010.bad.json`);
      assert.deepEqual((record as { verdict: unknown }).verdict, {
        kind: 'bad',
        reason: 'model.safetensors is damaged: its SHA-256 differs from the manifest',
      });
      hashedNow();
      await verify('hashed-bad');
      assert.deepEqual(hashedNow(), []);
    });

    it('leaves one alone that is still being written: it has no manifest yet', async () => {
      await makeCheckpoint({ run: 'unfinished', step: 10, manifest: null });
      await verify('unfinished');
      assert.deepEqual([await records('unfinished'), hashedNow()], [[], []]);
    });

    it('records nothing while the storage does not answer', async () => {
      const blobs = await closedAddress();
      const where = place('hashed', await otherCloud('no-blobs-to-hash', () => ({ storage: `${blobs}/{account}` })));
      const { type, nonRetryable } = await verify('hashed', where);
      assert.deepEqual({ type, nonRetryable }, { type: 'Azure:transient', nonRetryable: false });
    });
  });

  describe('letting go', () => {
    const keep = { last: 2, best: 0, olderThanSteps: 0 };
    const letGo = (name: string, changes: Partial<RetentionRequest> = {}) =>
      run(dataActivities.letGoCheckpoints, {
        ...{ place: place(name), phase: 'p1', attempt: 2, lineage: [], keep, inUse: [] },
        ...changes,
      });
    const steps = async (name: string) => {
      const manifests = (await blobsBelow(`runs/${name}/p1/attempts`)).filter((path) => path.endsWith('manifest.json'));
      return manifests.map((path) => Number(/step-(\d+)/.exec(path)?.[1]));
    };
    const verified = async (name: string) =>
      failure(run(dataActivities.verifyCheckpoints, { place: place(name), phases: ['p1'], pollSeconds: 1 }));

    it('deletes what newer good ones make needless, whole, and once', async () => {
      for (const step of [10, 20, 30, 40]) await makeCheckpoint({ run: 'let-go', step });
      await verified('let-go');
      assert.equal(await letGo('let-go'), 2);
      assert.deepEqual(await steps('let-go'), [30, 40]);
      assert.equal((await blobsBelow('runs/let-go/p1/attempts')).length, 8, 'nothing else is left of the others');
      assert.equal(await letGo('let-go'), 0);
    });

    it('never one of the last two good ones: a bad one and one that nobody has hashed do not count as such', async () => {
      for (const step of [10, 20, 30, 40]) await makeCheckpoint({ run: 'last-two', attempt: 2, step });
      await flipBit('runs/last-two/p1/attempts/a002/i1/checkpoints/step-000000030/model.safetensors');
      await verified('last-two');
      await makeCheckpoint({ run: 'last-two', attempt: 2, step: 50 });
      assert.equal(await letGo('last-two'), 1);
      assert.deepEqual(await steps('last-two'), [20, 30, 40, 50]);
    });

    it('never one of the last two good ones where newer ones were touched since they were hashed', async () => {
      for (const step of [10, 20, 30, 40]) await makeCheckpoint({ run: 'touched-since', attempt: 2, step });
      await verified('touched-since');
      for (const step of [30, 40])
        await flipBit(`runs/touched-since/p1/attempts/a002/i1/checkpoints/step-0000000${step}/model.safetensors`);
      assert.equal(await letGo('touched-since'), 0);
      assert.deepEqual(await steps('touched-since'), [10, 20, 30, 40]);
    });

    it('nothing at all where only one is good', async () => {
      await makeCheckpoint({ run: 'only-one', step: 10 });
      await makeCheckpoint({ run: 'only-one', step: 20, manifest: null });
      await verified('only-one');
      assert.equal(await letGo('only-one', { attempt: null }), 0);
    });

    it('never the best ones, by the loss that their manifests name', async () => {
      const losses = { 10: 3, 20: 2, 30: 2.5, 40: 4, 50: 5 };
      for (const [step, loss] of Object.entries(losses))
        await makeCheckpoint({ run: 'best', step: Number(step), manifest: { loss } });
      await verified('best');
      assert.equal(await letGo('best', { keep: { ...keep, best: 1 } }), 2);
      assert.deepEqual(await steps('best'), [20, 40, 50]);
    });

    it('B22 cut off by a kill behind any one of its deletions, always leaves two checkpoints that verify, and the newest is found', async () => {
      for (const step of [10, 20, 30, 40]) await makeCheckpoint({ run: 'cut-off', step });
      await verified('cut-off');
      for (let deletions = 0; ; deletions++) {
        const { letGoCheckpoints } = unbound(verifierActivities(dyingAfter(deps, deletions > 0 ? 1 : 0)));
        const request = { ...{ place: place('cut-off'), phase: 'p1', attempt: 2, lineage: [] }, keep, inUse: [] };
        const died = await run(letGoCheckpoints, request).catch((error: unknown) => error);
        const found = await run(activities.findCheckpoint, {
          ...{ place: place('cut-off'), phase: 'p1', lineage: [], below: null, refused: null },
        });
        assert.equal(found.checkpoint?.step, 40, `after ${deletions} deletions`);
        assert.deepEqual((await steps('cut-off')).slice(-2), [30, 40], `after ${deletions} deletions`);
        if (typeof died === 'number') break;
        assert.ok(deletions < 20, 'each kill comes behind a deletion');
      }
      assert.deepEqual(await steps('cut-off'), [30, 40]);
    });

    it('never one that is in use, however old', async () => {
      const source = await makeCheckpoint({ run: 'in-use', step: 10 });
      for (const step of [20, 30, 40]) await makeCheckpoint({ run: 'in-use', step });
      await verified('in-use');
      assert.equal(await letGo('in-use', { inUse: [source] }), 1);
      assert.deepEqual(await steps('in-use'), [10, 30, 40]);
    });

    it('what a late writer of a closed attempt added, and what an ended attempt left half', async () => {
      for (const step of [10, 20]) await makeCheckpoint({ run: 'ghosts', step });
      await makeCheckpoint({ run: 'ghosts', step: 30 });
      await makeCheckpoint({ run: 'ghosts', attempt: 1, incarnation: 'i0', step: 15, manifest: null });
      await makeCheckpoint({ run: 'ghosts', attempt: 2, step: 25, manifest: null });
      await verified('ghosts');
      assert.equal(await letGo('ghosts', { lineage: [{ attempt: 'a001', upTo: 20 }] }), 2);
      assert.deepEqual(await steps('ghosts'), [10, 20]);
      const left = await blobsBelow('runs/ghosts/p1/attempts');
      assert.equal(left.filter((path) => path.includes('/a002/')).length, 3, 'the live attempt may be writing it');
    });
  });
});
