import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ContainerClient } from '@azure/storage-blob';

import { Mount } from '../../emulator/mount/mount.js';
import { pushFile } from '../../emulator/mount/push.js';
import { readTree } from '../../emulator/mount/tree.js';
import { ProcWriters, QuietWriters, type Writers } from '../../emulator/mount/writers.js';
import { NODE_MARK } from '../../emulator/nodes/messages.js';
import { containerOf } from '../../emulator/storage/client.js';
import { sharedStorage } from './support/storage.js';
import { until } from './support/until.js';

describe('emulator: a mounted output', function () {
  this.timeout(40_000);
  let folder: string;
  let root: string;
  let container: ContainerClient;
  let mount: Mount;
  let uploads: { name: string; content: string }[];
  let writers: ChildProcess[];
  const mark = `test-${process.pid}`;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'emulator-mount-')));
    root = join(folder, 'out');
    const { endpoint, account, key, certificates } = await sharedStorage();
    const name = `mount-${Date.now()}`;
    container = containerOf({ endpoint, account, key, container: name, caFile: certificates.caFile });
    await container.create();
    [uploads, writers] = [[], []];
  });
  afterEach(async () => {
    for (const child of writers) child.kill('SIGKILL');
    await mount.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (how: Writers = new ProcWriters(mark)): Promise<void> => {
    mount = await Mount.start({
      root,
      spool: join(folder, 'spool'),
      container,
      prefix: 'runs/a',
      writers: how,
      uploaded: (name, content) => void uploads.push({ name, content: content?.toString() ?? '' }),
      problem: (message) => assert.fail(message),
    });
  };
  // The writer waits until it is told to go, and the mount begins when it waits: a node's own agent carries the mark, and
  // so do its children from their first moment, but a child of the test only does when it has come up.
  const run = async (script: string, how?: Writers): Promise<ChildProcess> => {
    await mkdir(root, { recursive: true });
    const child = spawn('python3', ['-c', `import sys; print('up', flush=True); sys.stdin.readline()\n${script}`], {
      cwd: root,
      env: { PATH: process.env['PATH'], [NODE_MARK]: mark },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    writers.push(child);
    await once(child.stdout, 'data');
    await start(how);
    child.stdin.write('\n');
    return child;
  };
  const names = (): string[] => uploads.map(({ name }) => name);
  const blobText = async (name: string): Promise<string> =>
    (await container.getBlobClient(`runs/a/${name}`).downloadToBuffer()).toString();

  it('sends a file when it is closed, not while it is open, and nothing of a writer that is still at it', async () => {
    const child = await run(
      "import sys; f=open('long','w'); f.write('half'); f.flush(); open('short','w').write('whole'); sys.stdin.readline(); f.write('-done'); f.close(); sys.stdin.readline()",
    );
    await until('the closed file', () => names().includes('short'));
    assert.deepEqual(names(), ['short']);
    child.stdin?.write('\n');
    await until('the other file', () => names().includes('long'));
    assert.equal(await blobText('long'), 'half-done');
    assert.deepEqual(names(), ['short', 'long']);
  });

  it('sends files in the order of closing, however they are called and however fast they come', async () => {
    await run(
      "import os\nfor i in range(30):\n  d=f'step-{i:03}'; os.mkdir(d)\n  for n in ['z','m','a']: open(f'{d}/{n}','w').write('x'*(i*100))\n  open(f'{d}/manifest.json','w').write('{}')",
    );
    await until('the last manifest', () => names().includes('step-029/manifest.json'));
    for (let step = 0; step < 30; step += 1) {
      const of = `step-${String(step).padStart(3, '0')}`;
      const before = names().slice(0, names().indexOf(`${of}/manifest.json`));
      const files = before.filter((name) => name.startsWith(`${of}/`));
      assert.deepEqual(
        files,
        ['z', 'm', 'a'].map((name) => `${of}/${name}`),
      );
    }
  });

  it('orders by closing time, not by opening time', async () => {
    await run(
      "import time; a=open('a','w'); a.write('1'); a.flush(); b=open('b','w'); b.write('2'); b.close(); time.sleep(0.02); a.write('3'); a.close()",
    );
    await until('both', () => names().length === 2);
    assert.deepEqual(names(), ['b', 'a']);
  });

  it('never stores a torn version of a file that is overwritten again and again', async () => {
    const child = await run(
      "import time\nfor i in range(400):\n  f=open('beat.json','w')\n  for _ in range(20): f.write(chr(97+i%26)*5000); f.flush()\n  f.close(); time.sleep(0.005)",
    );
    await new Promise((done) => child.once('exit', done));
    await mount.flush();
    assert.ok(uploads.length > 3, `${uploads.length} versions`);
    for (const { content } of uploads) assert.match(content, /^(.)\1{99999}$/);
  });

  it('stores nothing of a file that is not what it was when it was seen closed', async () => {
    await start();
    const path = join(folder, 'reopened');
    await writeFile(path, 'whole');
    const seen = (await readTree(folder)).files.get('reopened');
    await writeFile(path, 'ha');
    assert.ok(seen);
    assert.deepEqual(await pushFile(container.getBlockBlobClient('x'), path, seen), { result: 'changed' });
    assert.equal(await container.getBlobClient('x').exists(), false);
  });

  it('keeps large files whole, block by block', async () => {
    const child = await run("f=open('big','wb')\nfor i in range(20): f.write(bytes([i])*1000000)\nf.close()");
    await new Promise((done) => child.once('exit', done));
    await mount.flush();
    const big = await container.getBlobClient('runs/a/big').downloadToBuffer();
    assert.deepEqual([big.length, big[0], big[9_999_999], big[19_999_999]], [20_000_000, 0, 9, 19]);
  });

  it('shows what is there at the start, what comes and what goes, and sends none of it back', async () => {
    await container.getBlockBlobClient('runs/a/old/one').upload('1', 1);
    await start();
    assert.equal(await readFile(join(root, 'old/one'), 'utf8'), '1');
    await container.getBlockBlobClient('runs/a/control.json').upload('{"n":1}', 7);
    await until('the news', () => existsSync(join(root, 'control.json')), 2500);
    await container.getBlockBlobClient('runs/a/control.json').upload('{"n":2}', 7);
    await until('the change', async () => (await readFile(join(root, 'control.json'), 'utf8')) === '{"n":2}', 2500);
    await container.getBlobClient('runs/a/old/one').delete();
    await until('the deletion', () => !existsSync(join(root, 'old/one')), 2500);
    await mount.flush();
    assert.deepEqual(names(), []);
  });

  it('deletes the blob of a file that is deleted', async () => {
    await start();
    await writeFile(join(root, 'gone'), 'x');
    await until('the upload', () => names().includes('gone'));
    await rm(join(root, 'gone'));
    await until('the deletion', async () => !(await container.getBlobClient('runs/a/gone').exists()));
  });

  it('waits for a quiet second where open files cannot be seen', async () => {
    const begun = Date.now();
    await run(
      "import time\nf=open('slow','w')\nfor i in range(5): f.write('x'); f.flush(); time.sleep(0.3)",
      new QuietWriters(),
    );
    await until('the upload', () => names().includes('slow'));
    assert.equal(uploads[0]?.content, 'xxxxx');
    assert.ok(Date.now() - begun > 2000);
  });
});
