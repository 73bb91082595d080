import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJson, type Files } from '../../../corpus/files/files.js';
import { localFile } from '../../../corpus/input/local.js';
import { planFile } from '../../../corpus/stages/plan.js';
import { finished, runTask } from '../../../corpus/stages/tasks.js';
import { verifyDataset } from '../../../corpus/verify.js';
import { seeded } from '../../house/random.js';
import { inFolder, proseDump, writeDump } from '../fixture.js';
import { options } from '../prepared.js';
import { bytesBelow, inProcess, runStages, share, smallSizes, workshop, type Run, type Shared } from './workers.js';

const twice = { ...options, samplesPerShard: 70, dupeFactor: 2 };

async function prepared(
  folder: string,
  dump: string,
  sizes = smallSizes,
): Promise<{ shared: Shared; bytes: Map<string, string> }> {
  const shared = await share(folder, dump, twice, sizes);
  await runStages(shared.plan, [await inProcess(shared)]);
  return { shared, bytes: await bytesBelow(join(folder, 'out')) };
}

describe('corpus: a preparation in pieces', function () {
  this.timeout(30_000);

  it('gives the same bytes whatever the size of its parts, and leaves no intermediate file', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(80));
      const { shared, bytes } = await prepared(join(folder, 'small'), dump);
      assert.ok(shared.plan.pieces.length > 5, `${shared.plan.pieces.length} pieces`);
      const { poolTokens } = smallSizes;
      for (const [name, sizes] of Object.entries({
        whole: { poolTokens: poolTokens ?? 0 },
        odd: { pieceBytes: 3_333, bucketBytes: 100, groupBytes: 1, poolTokens: poolTokens ?? 0 },
      })) {
        assert.deepEqual((await prepared(join(folder, name), dump, sizes)).bytes, bytes, name);
        assert.deepEqual(await bytesBelow(join(folder, name, 'work')), new Map());
      }
      assert.deepEqual((await verifyDataset(join(folder, 'small', 'out'))).bad, []);
    }));

  it('gives the same bytes by three workers in any order', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(80));
      const { bytes } = await prepared(join(folder, 'one'), dump);
      for (const seed of [1, 2]) {
        const next = seeded(seed);
        const shared = await share(join(folder, `three-${seed}`), dump, twice);
        const workers = await Promise.all([1, 2, 3].map(() => inProcess(shared)));
        await runStages(shared.plan, workers, (numbers) =>
          numbers
            .map((number) => ({ number, draw: next() }))
            .sort((a, b) => a.draw - b.draw)
            .map(({ number }) => number),
        );
        assert.deepEqual(await bytesBelow(join(shared.folder, 'out')), bytes);
      }
    }));

  it('fills every shard but the last of a split, whatever fell in which bucket', () =>
    inFolder(async (folder) => {
      const { shared } = await prepared(folder, await writeDump(folder, proseDump(80)));
      const manifest = await finished(shared.out);
      for (const { train, heldout } of manifest?.sets ?? []) {
        for (const { shards, samples } of [train, heldout]) {
          const full = shards.slice(0, -1);
          assert.ok(full.every((shard) => shard.samples === 70));
          assert.equal(
            shards.reduce((sum, shard) => sum + shard.samples, 0),
            samples,
          );
          for (const { lengths = [], samples: count } of shards)
            assert.equal(
              lengths.reduce((sum, bin) => sum + bin, 0),
              count,
            );
        }
        assert.ok(train.shards.length > 4);
      }
    }));

  it('does nothing twice: a task that is done is told by its marker, a dataset by its manifest', () =>
    inFolder(async (folder) => {
      const shared = await share(folder, await writeDump(folder, proseDump(40)), options);
      const written: string[] = [];
      const shop = await workshop(shared, { work: watched(shared.work, written) });
      await runTask({ stage: 'text', number: 0 }, shop);
      assert.deepEqual(written.splice(0), [
        'text/00000.spool',
        'text/00000.attribution',
        'text/00000.words',
        'text/00000.done.json',
      ]);
      await runTask({ stage: 'text', number: 0 }, shop);
      assert.deepEqual(written, []);
      await runStages(shared.plan, [(task) => runTask(task, shop)]);
      await rm(shared.dump);
      written.splice(0);
      await runStages(shared.plan, [(task) => runTask(task, shop)]);
      assert.deepEqual(written, []);
    }));

  it('looks at the start of the input for the plan alone, and again where the plan is of an older release', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(80));
      const shared = await share(folder, dump, twice);
      const places: number[] = [];
      const open = async () => {
        const { read, ...file } = await localFile(dump);
        return { ...file, read: (from: number, to: number) => (places.push(from), read(from, to)) };
      };
      const shop = { ...(await workshop(shared)), open };
      const textOf3 = async () => {
        await runTask({ stage: 'text', number: 3 }, shop);
        return { text: await shared.work.read('text/00003.spool'), first: Math.min(...places.splice(0)) };
      };
      const now = await textOf3();
      assert.equal(now.first, shared.plan.pieces[3]?.from);
      const { found, ...older } = shared.plan;
      assert.equal(found?.format, 'xml');
      await shared.work.remove('text');
      await writeJson(shared.work, planFile, older);
      assert.deepEqual(await textOf3(), { ...now, first: 0 });
    }));

  it('comes to one dataset where two prepare the same at once, and one of them is done first', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(60));
      const { bytes } = await prepared(join(folder, 'alone'), dump);
      const shared = await share(join(folder, 'both'), dump, twice);
      const slow = await inProcess(shared);
      const late: Run = async (task) => {
        if (task.stage === 'pairs' && task.number === 1) await runStages(shared.plan, [await inProcess(shared)]);
        return slow(task);
      };
      await runStages(shared.plan, [late]);
      assert.deepEqual(await bytesBelow(join(shared.folder, 'out')), bytes);
      assert.deepEqual(await bytesBelow(join(shared.folder, 'work')), new Map());
    }));

  it('fails with the reason where the disk is full, and goes on with that piece elsewhere', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, proseDump(60));
      const { bytes } = await prepared(join(folder, 'alone'), dump);
      const shared = await share(join(folder, 'full'), dump, twice);
      const roomy = await inProcess(shared);
      const cramped = await workshop(shared, { work: withoutRoom(shared.work, /tokens\/00001/) });
      await runStages(shared.plan, [
        async (task) => {
          if (task.stage === 'tokens' && task.number === 1) {
            await assert.rejects(runTask(task, cramped), /ENOSPC: no space left on device/);
          }
          return roomy(task);
        },
      ]);
      assert.deepEqual(await bytesBelow(join(shared.folder, 'out')), bytes);
    }));

  it('notices an intermediate file that holds other bytes than were written', () =>
    inFolder(async (folder) => {
      const shared = await share(folder, await writeDump(folder, proseDump(40)), options);
      const run = await inProcess(shared);
      const damaging: Run = async (task) => {
        if (task.stage === 'pairs') {
          const path = 'tokens/00000.train.tokens';
          const content = Buffer.from((await shared.work.read(path)) ?? []);
          content.writeUInt8(content.readUInt8(content.length - 1) ^ 1, content.length - 1);
          await shared.work.write(path, content);
        }
        return run(task);
      };
      await assert.rejects(
        runStages(shared.plan, [damaging]),
        /tokens\/00000\.train\.tokens .* holds other bytes than were written/,
      );
    }));
});

function watched(files: Files, written: string[]): Files {
  return {
    ...files,
    write: (path, content) => (written.push(path), files.write(path, content)),
    put: (path, file) => (written.push(path), files.put(path, file)),
  };
}

function withoutRoom(files: Files, where: RegExp): Files {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  return {
    ...files,
    write: (path, content) => (where.test(path) ? Promise.reject(full) : files.write(path, content)),
  };
}
