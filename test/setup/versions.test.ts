import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './load.js';

const { oldNode } = await load<{ oldNode: (version: string) => string }>('node.mjs');
const { findPython, noPython } = await load<{
  findPython: (names: string[]) => Promise<string>;
  noPython: (found: { major: number; minor: number }[]) => string;
}>('python.mjs');

describe('setup: versions', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'bertha-python-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const version of ['v20.19.0', 'v20.20.2', 'v22.0.0', 'v25.1.0'])
    it(`takes Node ${version}`, () => assert.equal(oldNode(version), ''));

  for (const version of ['v20.18.3', 'v18.20.0', 'v9.99.0', 'v4.0.0'])
    it(`names Node ${version} as too old and says what to install`, () =>
      assert.match(oldNode(version), new RegExp(`${version} is too old: install Node.js 20.19`)));

  it('takes the first Python that suits and passes over one that is too old, too new or broken', async () => {
    const candidates = [
      python('old', '3 9'),
      python('broken', 'what'),
      python('new', '3 99'),
      python('good', '3 12'),
      python('later', '3 11'),
    ];
    assert.equal(await findPython(candidates), '/interpreters/good');
  });

  it('says what to install when there is no Python at all', async () => {
    await assert.rejects(findPython([join(folder, 'absent')]), {
      message: /^Python was not found: install Python 3\.10 to .* python3-venv/,
    });
  });

  it('names the versions that do not suit', () => {
    const sentence = noPython([
      { major: 3, minor: 8 },
      { major: 2, minor: 7 },
      { major: 3, minor: 8 },
    ]);
    assert.match(sentence, /of version 3\.8, 2\.7, which does not suit: install/);
  });

  /** A stand-in that answers as an interpreter of that version would. */
  function python(name: string, version: string): string {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\necho '${version} /interpreters/${name}'\n`);
    chmodSync(path, 0o755);
    return path;
  }
});
