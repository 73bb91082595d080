import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Halt } from '../halt.mjs';
import { build, inRoot } from '../places.mjs';
import { fingerprint, mismatch, sources } from '../sources.mjs';
import { digest, digestOf, isStamped, stamp } from '../stamp.mjs';
import { key as packagesKey } from './packages.mjs';
import { spawnSync } from 'node:child_process';

const stampFile = join(build, '.stamp');

/** TypeScript compiled into `.bertha/build`, incrementally; compiled files whose source is gone are removed. */
export const buildStep = {
  name: 'build',
  bytes: 0.05e9,
  isDone: () => isStamped(stampFile, key()),
  run: compile,
};

const key = () => digest(fingerprint(), digestOf(inRoot('tsconfig.json')), packagesKey());

async function compile() {
  // Asked for before the compiler reads: a source saved meanwhile makes the stamp stale, as it should.
  const now = key();
  mkdirSync(build, { recursive: true });
  const { orphans, missing } = mismatch();
  for (const file of orphans) for (const ending of ['', '.map']) rmSync(join(build, file + ending), { force: true });
  // The compiler believes its own record of what it wrote.
  if (missing.length > 0) rmSync(join(build, '.tsbuildinfo'), { force: true });
  if (sources().length > 0) runCompiler();
  stamp(stampFile, now);
}

function runCompiler() {
  const tsc = inRoot('node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', inRoot('tsconfig.json')], { stdio: ['ignore', 2, 2] });
  if (status !== 0)
    throw new Halt('The TypeScript sources do not compile: correct what the compiler names above and run this again.');
}
