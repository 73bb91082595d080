import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobContainer } from '../../azure/blob.js';
import { mirror } from '../../cli/tensorboard/mirror.js';

/** A container that holds these blobs and counts what is read. */
function storeOf(blobs: Map<string, string>) {
  const read: string[] = [];
  const store = {
    list: (prefix: string) =>
      Promise.resolve(
        [...blobs].filter(([path]) => path.startsWith(prefix)).map(([path, text]) => ({ path, bytes: text.length })),
      ),
    bytes: (path: string) => {
      read.push(path);
      return Promise.resolve(blobs.has(path) ? Buffer.from(blobs.get(path) ?? '') : null);
    },
  };
  return { store: store as unknown as BlobContainer, read };
}

describe('cli: local copy of the curves', () => {
  let scratch = '';
  beforeEach(() => (scratch = mkdtempSync(join(tmpdir(), 'bertha-mirror-'))));
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  it('adds what is new, reads nothing twice, removes what was undone', async () => {
    const folder = join(scratch, 'demo');
    const blobs = new Map([
      ['runs/demo/tensorboard/p1/events.1', 'one'],
      ['runs/demo/tensorboard/p1/events.2', 'two'],
      ['runs/demo/report.json', '{}'],
    ]);
    const { store, read } = storeOf(blobs);
    assert.deepEqual(await mirror(store, 'runs/demo/tensorboard', folder), { added: 2, removed: 0, files: 2 });
    assert.equal(readFileSync(join(folder, 'p1', 'events.2'), 'utf8'), 'two');
    blobs.delete('runs/demo/tensorboard/p1/events.2');
    blobs.set('runs/demo/tensorboard/p2/events.1', 'three');
    assert.deepEqual(await mirror(store, 'runs/demo/tensorboard', folder), { added: 1, removed: 1, files: 2 });
    assert.equal(read.length, 3);
    assert.deepEqual(readdirSync(folder, { recursive: true }).sort(), ['p1', 'p1/events.1', 'p2', 'p2/events.1']);
    assert.deepEqual(readdirSync(scratch), ['demo']);
  });

  it('replaces a file of another size, as a copy that was cut short leaves it', async () => {
    const folder = join(scratch, 'demo');
    mkdirSync(join(folder, 'p1'), { recursive: true });
    writeFileSync(join(folder, 'p1', 'events.1'), 'o');
    const { store } = storeOf(new Map([['runs/demo/tensorboard/p1/events.1', 'one']]));
    assert.equal((await mirror(store, 'runs/demo/tensorboard', folder)).added, 1);
    assert.equal(readFileSync(join(folder, 'p1', 'events.1'), 'utf8'), 'one');
  });
});
