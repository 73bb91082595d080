import { spawnSync } from 'node:child_process';
import { inRoot, root } from './places.mjs';
import { run } from './suite/run.mjs';

const checks = [
  { name: 'format', program: 'prettier/bin/prettier.cjs', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'lint', program: 'eslint/bin/eslint.js', args: ['--max-warnings', '0', '.'] },
  { name: 'types', program: 'typescript/bin/tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'import rules',
    program: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['--config', '.dependency-cruiser.mjs', '.'],
  },
];

/**
 * Runs every check even when an earlier one failed, then the tests.
 * @returns {Promise<number>} exit code
 */
export async function verify() {
  const failed = checks.filter((check) => !passes(check)).map(({ name }) => name);
  const remarks = failed.map((name) => `failed before the tests: ${name}`);
  const code = await run([], remarks);
  return failed.length > 0 ? 1 : code;
}

function passes({ name, program, args }) {
  console.log(`\n=== ${name} ===`);
  const start = performance.now();
  const { status } = spawnSync(process.execPath, [inRoot('node_modules', program), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(`${name}: ${status === 0 ? 'passed' : 'failed'} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return status === 0;
}
