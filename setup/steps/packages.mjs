import { copyFileSync, existsSync, lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../command.mjs';
import { inRoot } from '../places.mjs';
import { digest, digestOf, isStamped, stamp } from '../stamp.mjs';
import { putInPlace, workplace } from '../swap.mjs';

const place = inRoot('node_modules');
const stampFile = '.bertha-stamp';

/** The npm packages of the lock file, installed elsewhere and put in place whole. */
export const packagesStep = {
  name: 'npm packages',
  bytes: 0.8e9,
  isDone: () => isLinked() || isStamped(join(place, stampFile), key()),
  run: install,
};

/** A `node_modules` that is a link belongs to whoever linked it. */
export const isLinked = () =>
  lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true && existsSync(place);

/** Changes with the lock file and the major version of Node.js. */
export const key = () => digest(digestOf(inRoot('package-lock.json')), process.versions.node.split('.')[0]);

async function install() {
  const folder = workplace('npm');
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
    if (existsSync(inRoot(name))) copyFileSync(inRoot(name), join(folder, name));
  }
  // No package here needs its install script: the native parts come as packages of their own, one per platform.
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await command('npm', ['ci', '--include=dev', ...quiet], {
    doing: 'installing the npm packages',
    cwd: folder,
    env: { npm_config_local_prefix: undefined, npm_config_prefix: undefined, INIT_CWD: undefined },
  });
  const fresh = join(folder, 'node_modules');
  stamp(join(fresh, stampFile), key());
  putInPlace(fresh, place);
  rmSync(folder, { recursive: true });
}
