import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './load.js';

const { locked } = await load<{ locked: (work: () => Promise<void>, lock: string) => Promise<void> }>('lock.mjs');
const { startOf } = await load<{ startOf: (pid: number) => string | undefined }>('process.mjs');
const { digest, isStamped, stamp } = await load<{
  digest: (...parts: string[]) => string;
  isStamped: (path: string, key: string) => boolean;
  stamp: (path: string, key: string) => void;
}>('stamp.mjs');

describe('setup: lock and stamps', () => {
  let folder: string;
  let lock: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bertha-lock-'));
    lock = join(folder, 'lock');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('lets a second set-up wait until the first is done', async () => {
    const events: string[] = [];
    let finish = () => {};
    const first = locked(async () => {
      events.push('first begins');
      await new Promise<void>((resolve) => (finish = resolve));
      events.push('first ends');
    }, lock);
    const second = locked(async () => void events.push('second'), lock);
    setImmediate(() => finish());
    await Promise.all([first, second]);
    assert.deepEqual(events, ['first begins', 'first ends', 'second']);
    assert.equal(existsSync(lock), false);
  });

  it('takes over the lock of a process that died, also when its id lives on in another process', async () => {
    for (const dead of [
      { pid: 2 ** 22 + 1, start: '1' },
      { pid: process.pid, start: `not ${startOf(process.pid)}` },
      'half a lo',
    ]) {
      writeFileSync(lock, JSON.stringify(dead));
      let ran = false;
      await locked(async () => void (ran = true), lock);
      assert.equal(ran, true);
    }
  });

  it('gives the lock back after a failure', async () => {
    await assert.rejects(
      locked(async () => {
        throw new Error('full');
      }, lock),
      /full/,
    );
    assert.equal(existsSync(lock), false);
  });

  it('tells a process from none', () => {
    assert.ok(startOf(process.pid));
    assert.equal(startOf(2 ** 22 + 1), undefined);
  });

  it('knows a stamp by its key, and the parts of a key apart', () => {
    const file = join(folder, 'stamp');
    assert.equal(isStamped(file, 'key'), false);
    stamp(file, 'key');
    assert.equal(isStamped(file, 'key'), true);
    assert.equal(isStamped(file, 'other'), false);
    assert.notEqual(digest('ab', 'c'), digest('a', 'bc'));
  });
});
