import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bertha } from '../../../../installation.js';

/** A disk for one process and its children, as small as this. */
const SMALL = 'mount -t tmpfs -o size=4k none "$0" && exec "$@"';

export interface ToldFailure {
  readonly type: string;
  readonly message: string;
  readonly nonRetryable: boolean;
}

/** Whether a process here may have mounts of its own. */
export function hasNamespaces(): boolean {
  return inNamespace(['true']).status === 0;
}

/** Does a task in a process whose scratch folder lies on a disk that is full at once. @returns how it failed */
export function cramped(request: object): ToldFailure {
  const file = bertha('stacks', 'activities-test', 'cramped-request.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(request));
  const program = fileURLToPath(new URL('./cramped-child.js', import.meta.url));
  const { stdout, stderr } = inNamespace([process.execPath, program, file, scratch()]);
  const told = stdout.split('\n').find((line) => line.startsWith('{'));
  if (told === undefined) throw new Error(`the process said nothing of a failure: ${stdout}${stderr}`);
  return JSON.parse(told) as ToldFailure;
}

function scratch(): string {
  const folder = bertha('stacks', 'activities-test', 'small-disk');
  mkdirSync(folder, { recursive: true });
  return folder;
}

const inNamespace = (command: readonly string[]) =>
  spawnSync('unshare', ['-Urm', 'sh', '-c', SMALL, scratch(), ...command], { encoding: 'utf8' });
