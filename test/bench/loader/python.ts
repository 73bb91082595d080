import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { tools } from '../../../stack/places.js';
import { root } from '../../house/root.js';

/** Runs a Python program of a bench with the trainer's packages. @returns the JSON that it prints last */
export async function measured<Result>(
  program: readonly string[],
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Result> {
  const file = join(root, 'test', 'bench', ...program);
  const { stdout } = await promisify(execFile)(tools().python, [file, ...args], {
    env: { ...process.env, PYTHONPATH: join(root, 'training'), ...env },
    maxBuffer: 1 << 24,
  });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Result;
}
