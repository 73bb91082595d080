import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { tools } from '../../stack/places.js';
import { root } from '../house/root.js';

/** For the list of soaks. */
export const about =
  'the trainer on four processes and for longer: killed at random, resumed on 4, 2, 3 and 4; holds that nothing changes';

/** `npm run soak -- payload [PYTEST ARGUMENT ...]`: pytest of test/soak/payload, with the helpers of test/payload. @returns exit code */
export function main(args: string[]): Promise<number> {
  const helpers = join(root, 'test', 'payload');
  const env = { ...process.env, PYTHONPATH: [helpers, join(root, 'training')].join(':'), PYTHONDONTWRITEBYTECODE: '1' };
  const plugins = ['-p', 'no:cacheprovider', '-p', 'conftest'];
  const files = join(root, 'test', 'soak', 'payload', 'long.py');
  const { status } = spawnSync(tools().python, ['-m', 'pytest', ...plugins, files, ...args], { env, stdio: 'inherit' });
  return Promise.resolve(status ?? 1);
}
