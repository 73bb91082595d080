import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../house/root.js';

/** Runs the set-up of a bare copy of the clone with stand-ins for the programs it needs. */
describe('setup: a fresh clone', () => {
  let clone: string;
  let path: string;

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'bertha-fresh-'));
    path = join(clone, 'path');
    mkdirSync(path);
    for (const name of ['package.json', 'package-lock.json', 'tsconfig.json'])
      copyFileSync(join(root, name), join(clone, name));
    cpSync(join(root, 'setup'), join(clone, 'setup'), { recursive: true });
    symlinkSync('/bin/sh', join(path, 'sh'));
  });

  afterEach(() => rmSync(clone, { recursive: true, force: true }));

  it('stops at once without Python, before anything is installed', () => {
    assertSentence(/^Python was not found: install Python/);
  });

  it('stops with a sentence without npm', () => {
    program('python3', "echo '3 12 /usr/bin/python3'");
    assertSentence(/^npm was not found: install npm/);
  });

  it('stops with a sentence when npm fills the disk, and leaves nothing at the place of the packages', () => {
    program('python3', "echo '3 12 /usr/bin/python3'");
    program('npm', "echo 'npm error code ENOSPC' >&2; exit 1");
    assertSentence(/^The disk became full while installing the npm packages/);
    assert.equal(existsSync(join(clone, 'node_modules')), false);
  });

  it('keeps the output of a failure that it cannot explain and says where', () => {
    program('python3', "echo '3 12 /usr/bin/python3'");
    program('npm', "echo 'npm error something odd' >&2; exit 9");
    assertSentence(/\(exit 9\): npm error something odd - all of the output is in .*setup\.log/);
  });

  /** The last line is the sentence; a stack trace is nowhere; standard output stays clean for the command that follows. */
  function assertSentence(sentence: RegExp): void {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['setup/main.mjs'], {
      cwd: clone,
      encoding: 'utf8',
      env: { PATH: path },
    });
    const lines = stderr.trimEnd().split('\n');
    assert.match(lines.at(-1) ?? '', sentence);
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
  }

  function program(name: string, script: string): void {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, name), 0o755);
  }
});
