import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bertha } from '../../../installation.js';
import { tools } from '../../../stack/places.js';
import { root } from '../../house/root.js';

/** Programs of this bench that are no TypeScript, and the lists of the peers. */
export const programs = join(root, 'test', 'bench', 'data');
const lists = join(programs, 'peers');

/** Where the peers are installed. */
export interface Peers {
  readonly python: string;
  /** Folder that holds their `node_modules`. */
  readonly folder: string;
  readonly versions: Record<string, string>;
}

/** Installs the peers below `.bertha/bench/`, every file by its hash, unless these very ones are there. They are not part of the product. */
export function installPeers(): Peers {
  const folder = bertha('bench', 'data-peers');
  const files = ['requirements.txt', 'package.json', 'package-lock.json'].map((name) => join(lists, name));
  const stamp = createHash('sha256')
    .update(files.map((file) => readFileSync(file, 'utf8')).join('\n'))
    .digest('hex');
  const stampFile = join(folder, '.stamp');
  const python = join(folder, 'venv', 'bin', 'python');
  const isThere = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (!isThere) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const file of files.slice(1)) cpSync(file, join(folder, file.slice(lists.length + 1)));
    const { uv, python: base } = tools() as ReturnType<typeof tools> & { readonly uv: string };
    run(uv, ['venv', '--quiet', '--python', base, join(folder, 'venv')], folder);
    const pip = ['pip', 'install', '--quiet', '--no-deps', '--require-hashes', '--python', python];
    run(uv, [...pip, '-r', join(lists, 'requirements.txt')], folder);
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], folder);
    writeFileSync(stampFile, stamp);
  }
  return { python, folder, versions: versionsOf(files[0] as string, files[1] as string) };
}

function run(program: string, args: readonly string[], cwd: string): void {
  execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

function versionsOf(requirements: string, packages: string): Record<string, string> {
  const python = [...readFileSync(requirements, 'utf8').matchAll(/^([\w-]+)==([\w.]+)/gm)];
  const { dependencies } = JSON.parse(readFileSync(packages, 'utf8')) as { dependencies: Record<string, string> };
  return {
    ...Object.fromEntries(python.map(([, name, version]) => [`${name} (PyPI)`, version ?? '?'])),
    ...Object.fromEntries(Object.entries(dependencies).map(([name, version]) => [`${name} (npm)`, version])),
  };
}
