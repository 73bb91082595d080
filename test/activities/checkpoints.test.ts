import assert from 'node:assert/strict';
import type { LadderRequest } from '../../activities/checkpoints.js';
import type { LineagePart } from '../../domain/attempts.js';
import { blobsBelow, flipBit, makeCheckpoint } from './support/checkpoints.js';
import { activities, deps, place, store, unbound } from './support/deps.js';
import { notingHashes } from './support/hashes.js';
import { failure, run } from './support/run.js';
import { checkpointActivities } from '../../activities/checkpoints.js';
import { verifierActivities } from '../../activities/verifier.js';

describe('activities: the resume ladder', function () {
  this.timeout(30_000);
  before(store);

  const find = (
    name: string,
    lineage: readonly LineagePart[] = [],
    below: number | null = null,
    refused: LadderRequest['refused'] = null,
  ) => run(activities.findCheckpoint, { place: place(name), phase: 'p1', lineage, below, refused });

  it('finds nothing where nothing was saved', async () => {
    assert.deepEqual(await find('no-checkpoint'), { checkpoint: null, rejected: [], quarantined: [] });
  });

  it('takes the newest checkpoint that verifies, over all attempts and incarnations', async () => {
    await makeCheckpoint({ run: 'ladder', attempt: 1, step: 20 });
    await makeCheckpoint({ run: 'ladder', attempt: 1, step: 10 });
    const path = await makeCheckpoint({ run: 'ladder', attempt: 2, incarnation: 'i2', step: 30 });
    await makeCheckpoint({ run: 'ladder', attempt: 2, incarnation: 'i1', step: 25 });
    const { checkpoint, rejected } = await find('ladder');
    assert.deepEqual(rejected, []);
    assert.deepEqual(
      [checkpoint?.path, checkpoint?.step, checkpoint?.attempt, checkpoint?.incarnation],
      [path, 30, 'a002', 'i2'],
    );
  });

  it('takes the later incarnation of two that saved the same step', async () => {
    await makeCheckpoint({ run: 'twice', incarnation: '20261123T010000000Z-ffffffff', step: 10 });
    const later = await makeCheckpoint({ run: 'twice', incarnation: '20261123T010100000Z-00000000', step: 10 });
    assert.equal((await find('twice')).checkpoint?.path, later);
  });

  const damages: Record<string, { damage: (folder: string) => Promise<void>; reason: RegExp }> = {
    'was torn: it has files and no manifest': {
      damage: async (folder) => (await store()).remove(`${folder}/manifest.json`),
      reason: /^it has no whole manifest\.json: the node was lost while it was written$/,
    },
    'has half a manifest': {
      damage: async (folder) => (await store()).write(`${folder}/manifest.json`, '{"format": "bertha-che'),
      reason: /^it has no whole manifest\.json/,
    },
    'has a manifest of an unknown format': {
      damage: async (folder) => (await store()).write(`${folder}/manifest.json`, '{"format": "something/2"}'),
      reason: /^its manifest\.json is not valid \(format\)$/,
    },
    'has a truncated file': {
      damage: async (folder) => (await store()).write(`${folder}/model.safetensors`, 'weig'),
      reason: /^model\.safetensors has 4 bytes, its manifest says \d+$/,
    },
    'has a file with one bit flipped': {
      damage: (folder) => flipBit(`${folder}/optimizer.safetensors`),
      reason: /^optimizer\.safetensors is damaged: its SHA-256 differs from the manifest$/,
    },
    'lacks a file': {
      damage: async (folder) => (await store()).remove(`${folder}/rng.safetensors`),
      reason: /^rng\.safetensors is missing$/,
    },
    'carries the manifest of another step': {
      damage: (folder) => changeManifest(folder, { step: 19 }),
      reason: /^its manifest names step 19 of p1\/a001\//,
    },
    'carries the manifest of another phase': {
      damage: (folder) => changeManifest(folder, { phase: 'p2' }),
      reason: /^its manifest names step 20 of p2\/a001\//,
    },
    'carries the manifest of another incarnation': {
      damage: (folder) => changeManifest(folder, { incarnation: 'elsewhere' }),
      reason: /^its manifest names step 20 of p1\/a001\/elsewhere$/,
    },
    'carries the manifest of another attempt': {
      damage: (folder) => changeManifest(folder, { attempt: 'a007' }),
      reason: /^its manifest names step 20 of p1\/a007\//,
    },
  };

  for (const [index, [what, { damage, reason }]] of Object.entries(damages).entries()) {
    it(`B21 refuses, with the reason, a checkpoint that ${what}, and takes the one before it`, async () => {
      const name = `damaged-${index}`;
      const good = await makeCheckpoint({ run: name, step: 10 });
      const bad = await makeCheckpoint({ run: name, step: 20 });
      assert.equal((await find(name)).checkpoint?.step, 20, 'before the damage');
      await damage(bad);
      const { checkpoint, rejected } = await find(name);
      assert.equal(checkpoint?.path, good);
      assert.deepEqual(
        rejected.map((one) => one.path),
        [bad],
      );
      assert.match(rejected[0]?.reason ?? '', reason);
    });
  }

  it('B17 does not count what a ghost saved behind the step that its successor began from', async () => {
    const kept = await makeCheckpoint({ run: 'ghost', attempt: 1, step: 20 });
    await makeCheckpoint({ run: 'ghost', attempt: 1, step: 40 });
    const { checkpoint, rejected } = await find('ghost', [{ attempt: 'a001', upTo: 20 }]);
    assert.deepEqual([checkpoint?.path, rejected], [kept, []]);
    assert.equal((await find('ghost')).checkpoint?.step, 40, 'without the cut it would count');
    const successor = await makeCheckpoint({ run: 'ghost', attempt: 2, step: 30 });
    assert.equal((await find('ghost', [{ attempt: 'a001', upTo: 20 }])).checkpoint?.path, successor);
  });

  it('counts nothing of an attempt of which nothing was kept', async () => {
    await makeCheckpoint({ run: 'ghost-only', attempt: 1, step: 20 });
    assert.deepEqual(await find('ghost-only', [{ attempt: 'a001', upTo: 0 }]), {
      checkpoint: null,
      rejected: [],
      quarantined: [],
    });
  });

  it('looks below the checkpoint that the trainer refused', async () => {
    for (const step of [10, 20, 30]) await makeCheckpoint({ run: 'refused', step });
    assert.equal((await find('refused', [], 30)).checkpoint?.step, 20);
    assert.equal((await find('refused', [], 10)).checkpoint, null);
  });

  describe('by the records of what was hashed before', () => {
    const noting = notingHashes(deps);
    const { findCheckpoint } = unbound(checkpointActivities(noting.deps));
    const { verifyCheckpoints } = unbound(verifierActivities(noting.deps));
    const climb = (name: string, changes: Partial<LadderRequest> = {}) =>
      run(findCheckpoint, {
        ...{ place: place(name), phase: 'p1', lineage: [], below: null, refused: null },
        ...changes,
      });
    const verify = (name: string) =>
      failure(run(verifyCheckpoints, { place: place(name), phases: ['p1'], pollSeconds: 1 }));
    const hashedNow = () => noting.hashed.splice(0);

    it('hashes nothing at the decision where each was hashed when it appeared: sizes and ETags are compared', async () => {
      const path = await makeCheckpoint({ run: 'recorded', step: 20 });
      await verify('recorded');
      assert.equal(hashedNow().length, 3);
      assert.equal((await climb('recorded')).checkpoint?.path, path);
      assert.deepEqual(hashedNow(), []);
    });

    it('hashes one that nobody has hashed yet, once', async () => {
      await makeCheckpoint({ run: 'unrecorded', step: 20 });
      await climb('unrecorded');
      assert.equal(hashedNow().length, 3);
      await climb('unrecorded');
      assert.deepEqual(hashedNow(), []);
    });

    it('hashes one anew that was written since, takes it where it is whole and refuses it where it is not', async () => {
      const path = await makeCheckpoint({ run: 'touched', step: 20 });
      await verify('touched');
      await makeCheckpoint({ run: 'touched', step: 20 });
      hashedNow();
      assert.equal((await climb('touched')).checkpoint?.path, path);
      assert.equal(hashedNow().length, 3, 'the same bytes, written again');
      await flipBit(`${path}/model.safetensors`);
      const { checkpoint, rejected } = await climb('touched');
      assert.deepEqual([checkpoint, rejected[0]?.path], [null, path]);
    });

    it('moves a bad one into quarantine whole, with the reason, and looks at it no more', async () => {
      const path = await makeCheckpoint({ run: 'moved', step: 20 });
      await flipBit(`${path}/optimizer.safetensors`);
      const { quarantined } = await climb('moved');
      const to = path.replace('/checkpoints/', '/quarantine/');
      const reason = 'optimizer.safetensors is damaged: its SHA-256 differs from the manifest';
      assert.deepEqual(quarantined, [{ path, to, reason }]);
      assert.deepEqual(await blobsBelow(path), []);
      const names = ['manifest.json', 'model.safetensors', 'optimizer.safetensors', 'reason.txt', 'rng.safetensors'];
      assert.deepEqual(
        await blobsBelow(to),
        names.map((name) => `${to}/${name}`),
      );
      assert.equal(await (await store()).text(`${to}/reason.txt`), `${reason}\n`);
      hashedNow();
      assert.deepEqual(await climb('moved'), { checkpoint: null, rejected: [], quarantined: [] });
      assert.deepEqual(hashedNow(), []);
    });

    it('moves one that the trainer refused into quarantine too, though it verifies, and takes the one below', async () => {
      const below = await makeCheckpoint({ run: 'trainer-refused', step: 10 });
      const path = await makeCheckpoint({ run: 'trainer-refused', step: 20 });
      const reason = 'the trainer said: the optimizer state does not fit';
      const { checkpoint, quarantined } = await climb('trainer-refused', { below: 20, refused: { path, reason } });
      assert.equal(checkpoint?.path, below);
      assert.deepEqual(
        quarantined.map((one) => [one.path, one.reason]),
        [[path, reason]],
      );
      assert.deepEqual(await blobsBelow(path), []);
      const again = await climb('trainer-refused', { below: 20, refused: { path, reason } });
      assert.equal(again.checkpoint?.path, below, 'a repeated move finds nothing to move');
    });
  });

  async function changeManifest(folder: string, changes: object): Promise<void> {
    const manifest = (await (await store()).json(`${folder}/manifest.json`)) as object;
    await (await store()).write(`${folder}/manifest.json`, JSON.stringify({ ...manifest, ...changes }));
  }
});
