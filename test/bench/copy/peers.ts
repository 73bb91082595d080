import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../house/root.js';

/** A program to measure against. */
export interface Peer {
  readonly program: string;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface Peers {
  readonly azcopy: Peer | null;
  readonly rclone: Peer | null;
  /** A sentence for each that is not there. */
  readonly missing: readonly string[];
}

const HOME = join(root, '.bertha', 'bench', 'copy');
const LOCK = join(root, 'test', 'bench', 'copy', 'peers');
const DEBIAN = join(HOME, 'debian');

/**
 * azcopy from npm, pinned by its lock file; rclone, and libsecret that azcopy is linked with, from this machine or as Debian packages that apt
 * verifies, unpacked beside it and never installed.
 */
export function findPeers(): Peers {
  mkdirSync(DEBIAN, { recursive: true });
  const azcopy = findAzcopy();
  const rclone = findRclone();
  const missing = [
    ...(azcopy === null
      ? ['azcopy is left out: it needs npm, and libsecret-1-0 (apt-get install libsecret-1-0).']
      : []),
    ...(rclone === null ? ['rclone is left out: it is not there (apt-get install rclone).'] : []),
  ];
  return { azcopy, rclone, missing };
}

function findAzcopy(): Peer | null {
  const program = join(HOME, 'node_modules', '@azure-tools', 'azcopy-linux', 'dist', 'bin', 'azcopy_linux_amd64');
  if (!existsSync(program)) {
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(LOCK, name), join(HOME, name));
    const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: HOME });
    if (status !== 0) return null;
    chmodSync(program, 0o755);
  }
  const known = asPeer(program, {});
  if (known !== null) return known;
  const libraries = unpacked('libsecret-1-0', 'usr/lib/x86_64-linux-gnu');
  return libraries === null ? null : asPeer(program, { LD_LIBRARY_PATH: libraries });
}

function findRclone(): Peer | null {
  const known = asPeer('rclone', {});
  if (known !== null) return known;
  const folder = unpacked('rclone', 'usr/bin');
  return folder === null ? null : asPeer(join(folder, 'rclone'), {});
}

function asPeer(program: string, env: NodeJS.ProcessEnv): Peer | null {
  const { status, stdout } = spawnSync(program, [program.endsWith('rclone') ? 'version' : '--version'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return status === 0 ? { program, env, version: /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? 'unknown' } : null;
}

/** A folder of a Debian package; null where there is no Debian. */
function unpacked(name: string, folder: string): string | null {
  const place = join(DEBIAN, folder);
  const isThere = () => existsSync(place) && readdirSync(DEBIAN).some((file) => file.startsWith(`${name}_`));
  if (!isThere()) {
    spawnSync('apt-get', ['download', name], { cwd: DEBIAN });
    const file = readdirSync(DEBIAN).find((one) => one.startsWith(`${name}_`));
    if (file !== undefined) spawnSync('dpkg', ['-x', file, '.'], { cwd: DEBIAN });
  }
  return isThere() ? place : null;
}
