import { join } from 'node:path';
import { command } from '../command.mjs';
import { inHome, inRoot } from '../places.mjs';
import { digestOf, isStamped, stamp } from '../stamp.mjs';
import { putInPlace, workplace } from '../swap.mjs';

const place = inHome('uv');
const requirements = inRoot('setup', 'requirements-uv.txt');

/** uv, which installs the Python packages several times faster than pip and keeps one copy for all clones. */
export const uvStep = {
  name: 'uv, the installer for Python packages',
  bytes: 0.15e9,
  isDone: () => isStamped(join(place, '.stamp'), key()),
  run: install,
};

/** The program itself. */
export const uv = join(place, 'bin', 'uv');

const key = () => digestOf(requirements);

async function install({ python }) {
  const folder = workplace('uv');
  await command(python, ['-m', 'venv', folder], { doing: 'making a Python environment', retries: false });
  const quiet = ['--disable-pip-version-check', '--no-input', '--retries', '1'];
  await command(
    join(folder, 'bin', 'python'),
    ['-m', 'pip', 'install', ...quiet, '--require-hashes', '-r', requirements],
    {
      doing: 'installing uv',
    },
  );
  stamp(join(folder, '.stamp'), key());
  putInPlace(folder, place);
}
