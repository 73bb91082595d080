import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { ContainerClient } from '@azure/storage-blob';

import { UploadFaults } from '../../emulator/faults/uploads.js';
import { Mount } from '../../emulator/mount/mount.js';
import { Treatments, type Treat, type Treatment } from '../../emulator/mount/treatment.js';
import type { Signature } from '../../emulator/mount/tree.js';
import { containerOf } from '../../emulator/storage/client.js';
import { createDrivenClock } from './support/driven-clock.js';
import { createCluster, inside, jobBody, mounted, reach } from './support/jobs.js';
import { begin, createScripts } from './support/scripts.js';
import { blobContainer, startService, type Service } from './support/service.js';
import { sharedStorage } from './support/storage.js';
import { until } from './support/until.js';

describe('emulator: which uploads are spoiled', () => {
  const faults = (text: string): UploadFaults => {
    const clock = createDrivenClock();
    const scripts = createScripts(clock);
    begin(scripts, text);
    return new UploadFaults(scripts, clock, () => undefined);
  };

  it('are those that a scenario names, by job, file and turn; the first fault that hits counts', () => {
    const given = faults(
      '{storage: [{kind: torn, job: "a*", blob: "**/model*", nth: 2, keep: 0.25}, {kind: truncated, blob: "**/model*", bytes: 3}]}',
    );
    const treated = (job: string, blob: string): Treatment | null => given.treat(job, blob, 1000);
    const truncated = { type: 'portion', portion: { bytes: 3 }, wholeAfterMs: null };
    assert.deepEqual(treated('a1', 'step-1/model.bin'), truncated);
    assert.equal(treated('a1', 'step-1/manifest.json'), null);
    assert.deepEqual(treated('b1', 'step-1/model.bin'), truncated);
    assert.deepEqual(treated('a1', 'step-2/model.bin'), {
      type: 'portion',
      portion: { bytes: 250 },
      wholeAfterMs: null,
    });
  });

  it('lose one bit by the seed, within the file', () => {
    const bitOf = (seed: number, bytes: number): number | undefined => {
      const treatment = faults(`{seed: ${seed}, storage: [{kind: bitFlipped}]}`).treat('a', 'x', bytes);
      return treatment?.type === 'portion' ? treatment.portion.flippedBit : undefined;
    };
    assert.equal(bitOf(1, 1000), bitOf(1, 1000));
    assert.notEqual(bitOf(1, 1000), bitOf(2, 1000));
    for (let seed = 0; seed < 50; seed += 1) assert.ok((bitOf(seed, 2) ?? 99) < 16);
  });

  it('come late by emulated seconds, or behind another file', () => {
    assert.deepEqual(faults('{storage: [{kind: delayed, seconds: 4}]}').treat('a', 'x', 1), {
      type: 'later',
      afterMs: 4000,
    });
    assert.deepEqual(faults('{storage: [{kind: outOfOrder, behind: "**/manifest.json"}]}').treat('a', 'x', 1), {
      type: 'behind',
      blob: '**/manifest.json',
    });
  });
});

describe('emulator: what a mount does to a spoiled file', () => {
  const seen = (modified: number): Signature => ({ bytes: 9, modified: BigInt(modified), changed: 0n, inode: 1n });

  it('asks once for a file as it is, and again when it was written anew after it was up', async () => {
    const asked: string[] = [];
    const treatments = new Treatments((name) => {
      asked.push(name);
      return Promise.resolve(null);
    });
    await treatments.portionOf('a', seen(1));
    await treatments.portionOf('a', seen(2));
    treatments.sent('a');
    await treatments.portionOf('a', seen(2));
    assert.deepEqual(asked, ['a']);
    await treatments.portionOf('a', seen(3));
    assert.deepEqual(asked, ['a', 'a']);
  });

  it('holds a file that comes later until its time, however often it is written meanwhile', async () => {
    let now = 0;
    const treatments = new Treatments(
      () => Promise.resolve({ type: 'later', afterMs: 100 }),
      () => now,
    );
    assert.equal(await treatments.portionOf('a', seen(1)), undefined);
    now = 99;
    assert.equal(await treatments.portionOf('a', seen(2)), undefined);
    now = 100;
    assert.deepEqual(await treatments.portionOf('a', seen(3)), {});
  });

  it('sends the whole of a torn file after its time, or at the end', async () => {
    let now = 0;
    const torn: Treatment = { type: 'portion', portion: { bytes: 1 }, wholeAfterMs: 50 };
    const treatments = new Treatments(
      () => Promise.resolve(torn),
      () => now,
    );
    for (const name of ['a', 'b']) {
      assert.deepEqual(await treatments.portionOf(name, seen(1)), { bytes: 1 });
      treatments.sent(name);
      now += 10;
    }
    now = 50;
    assert.deepEqual(treatments.heal(false), ['a']);
    assert.deepEqual(await treatments.portionOf('a', seen(1)), {});
    assert.deepEqual(treatments.heal(true), ['b']);
    assert.deepEqual(treatments.heal(true), []);
  });
});

describe('emulator: a mounted output whose uploads are spoiled', function () {
  this.timeout(20_000);
  let folder: string;
  let root: string;
  let container: ContainerClient;
  let mount: Mount;
  let order: string[];

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'emulator-spoiled-')));
    root = join(folder, 'out');
    const { endpoint, account, key, certificates } = await sharedStorage();
    container = containerOf({
      endpoint,
      account,
      key,
      container: `spoiled-${Date.now()}`,
      caFile: certificates.caFile,
    });
    await container.create();
    order = [];
  });
  afterEach(async () => {
    await mount.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (treat: Treat): Promise<void> => {
    mount = await Mount.start({
      root,
      spool: join(folder, 'spool'),
      container,
      prefix: 'r',
      writers: { open: () => new Set() },
      treat,
      uploaded: (name) => void order.push(name),
      problem: (message) => assert.fail(message),
    });
  };
  const write = async (name: string, content: string | Buffer): Promise<void> => {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  };
  const blob = (name: string): Promise<Buffer> => container.getBlobClient(`r/${name}`).downloadToBuffer();
  const only =
    (wanted: string, treatment: Treatment): Treat =>
    (name) =>
      Promise.resolve(name === wanted ? treatment : null);

  it('stores a part under the name and leaves it at that, while the file stays whole on the node', async () => {
    await start(only('model', { type: 'portion', portion: { bytes: 4 }, wholeAfterMs: null }));
    await write('model', '0123456789');
    await until('the upload', () => order.includes('model'));
    await write('other', 'x');
    await mount.flush();
    assert.equal((await blob('model')).toString(), '0123');
    assert.deepEqual(order, ['model', 'other']);
  });

  it('flips one bit of a file that goes up in many blocks, and no other', async () => {
    const content = Buffer.alloc(20_000_000, 7);
    const flippedBit = 17_000_000 * 8 + 3;
    await start(only('model', { type: 'portion', portion: { flippedBit }, wholeAfterMs: null }));
    await write('model', content);
    await mount.flush();
    const stored = await blob('model');
    assert.equal(stored[17_000_000], 7 ^ 8);
    stored[17_000_000] = 7;
    assert.ok(stored.equals(content));
  });

  it('lets later files become visible before one that is delayed, and sends it at the end at the latest', async () => {
    await start(only('step/model', { type: 'later', afterMs: 600_000 }));
    await write('step/model', 'data');
    await write('step/manifest.json', '{}');
    await until('the manifest', () => order.includes('step/manifest.json'));
    assert.equal(await container.getBlobClient('r/step/model').exists(), false);
    await mount.flush();
    assert.deepEqual(order, ['step/manifest.json', 'step/model']);
    assert.equal((await blob('step/model')).toString(), 'data');
  });

  it('sends a file right behind the one that it is to follow', async () => {
    await start(only('step/model', { type: 'behind', blob: '**/manifest.json' }));
    for (const name of ['step/model', 'step/rng', 'step/manifest.json']) await write(name, name);
    await until('all of it', () => order.length === 3);
    assert.deepEqual(order, ['step/rng', 'step/manifest.json', 'step/model']);
  });

  it('makes a torn file whole after its time', async () => {
    await start(only('model', { type: 'portion', portion: { bytes: 0 }, wholeAfterMs: 700 }));
    await write('model', 'whole');
    await until('a part', () => order.length === 1);
    assert.equal((await blob('model')).length, 0);
    await until('the whole', () => order.length === 2);
    assert.equal((await blob('model')).toString(), 'whole');
  });
});

describe('emulator: a job whose uploads are spoiled', function () {
  this.timeout(30_000);
  let service: Service;
  before(async () => {
    service = await startService({ storage: true, speed: 20 });
    await createCluster(service, 'one');
  });
  after(() => service.stop());

  it('believes all is well, even where the fault was asked for while it ran; each is counted', async () => {
    const blobs = await blobContainer(service);
    const command =
      'mkdir -p ${{outputs.out}}/step; until test -f ${{outputs.out}}/go; do sleep 0.05; done; echo whole > ${{outputs.out}}/step/model; sleep 0.5; echo whole > ${{outputs.out}}/step/rng';
    await service.call(
      'PUT',
      '/jobs/spoiled',
      jobBody('one', command, {
        outputs: { out: mounted('spoiled') },
        distribution: null,
        resources: { instanceCount: 1 },
      }),
    );
    await reach(service, 'spoiled', 'Running');
    const storage = [{ kind: 'truncated', job: 'spoiled', blob: 'step/*', bytes: 2, nth: 1 }];
    assert.equal((await service.call('POST', '/_emulator/faults', { storage })).status, 200);
    await blobs.getBlockBlobClient('spoiled/go').upload('1', 1);
    await reach(service, 'spoiled', 'Completed');
    const text = async (name: string): Promise<string> =>
      (await blobs.getBlobClient(`spoiled/step/${name}`).downloadToBuffer()).toString();
    assert.deepEqual([await text('model'), await text('rng')], ['wh', 'whole\n']);
    const { scenario } = (await service.call('GET', '/_emulator/state')).json;
    assert.deepEqual([scenario[0].items[0].seen, scenario[0].items[0].hit], [2, 1]);
    assert.equal((await inside(service, 'spoiled')).error, null);
  });
});
