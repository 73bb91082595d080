import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { root } from '../house/root.js';

describe('npm run bench', () => {
  it('says which benches there are, a sentence each', () => {
    const { status, stdout } = bench();
    assert.equal(status, 0);
    assert.match(stdout, /^ {2}emulator: .+/m);
    assert.doesNotMatch(stdout, /says nothing about itself|\.test/);
  });

  it('names the benches to one who asks for another', () => {
    const { status, stderr } = bench('emulatr');
    assert.equal(status, 1);
    assert.match(stderr, /^There is no bench called emulatr: choose from .*emulator.*\.\n$/);
  });

  it('tells in one sentence what is wrong with a flag', () => {
    const { status, stderr } = bench('emulator', '--seconds', 'many');
    assert.deepEqual([status, stderr], [1, 'bench emulator: --seconds many is no whole number above 0.\n']);
  });
});

function bench(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const named = JSON.stringify(pathToFileURL(join(root, 'setup', 'named.mjs')).href);
  const script = `const { runNamed } = await import(${named}); process.exitCode = await runNamed('bench', ${JSON.stringify(words)});`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
}
