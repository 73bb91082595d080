import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../house/root.js';
import { KNOWN_BUGS } from './index.js';

/** Files below test/ by the bugs that tests in them are named after. */
const named = namesInFiles();

describe('bugs: the list', () => {
  it('has each of B1 to B32 once, in order', () => {
    const expected = Array.from({ length: 32 }, (_, index) => `B${index + 1}`);
    assert.deepEqual(
      KNOWN_BUGS.map(({ id }) => id),
      expected,
    );
  });

  for (const { id, promise, proofs } of KNOWN_BUGS)
    it(`of ${id} names the files whose tests carry its name: ${promise}`, () => {
      const files = proofs.flatMap(([, file, title]) => (title === undefined ? [file] : []));
      assert.deepEqual([...(named.get(id) ?? [])].sort(), [...files].sort());
      for (const [, file, title] of proofs)
        if (title !== undefined) assert.ok(sourceOf(file).includes(`it('${title}`), `${file} has no test "${title}"`);
    });
});

function namesInFiles(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const entry of readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })) {
    const file = entry.replaceAll('\\', '/');
    if (!/(\.test\.ts|\/test_\w+\.py)$/.test(file)) continue;
    for (const [, id = ''] of sourceOf(file).matchAll(/\bit\(\s*['"`]B(\d+) /g)) add(file, id);
    for (const [, id = ''] of sourceOf(file).matchAll(/def test_b(\d+)_/g)) add(file, id);
  }
  return found;

  function add(file: string, id: string): void {
    if (id !== '') found.set(`B${id}`, (found.get(`B${id}`) ?? new Set()).add(file));
  }
}

function sourceOf(file: string): string {
  return readFileSync(join(root, 'test', file), 'utf8');
}
