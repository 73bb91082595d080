import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

import { startTime } from '../nodes/processes.js';

/** What a shell has to know of an emulator that runs. Holds the place of a secret, never the secret. */
export interface Running {
  pid: number;
  /** Start time as the system counts it; null where that cannot be told. A pid alone may have been given to a stranger. */
  started: string | null;
  url: string;
  httpUrl: string | null;
  proxyUrl: string | null;
  caFile: string;
  stateDir: string;
  tenant: string;
  clientId: string;
  clientSecretFile: string | null;
  subscription: string;
  resourceGroup: string;
  workspace: string;
}

/** Writes down that this process is an emulator at work: in its state folder and in the user's list. Forgotten again when it exits. */
export function announce(what: Omit<Running, 'pid' | 'started'>): void {
  const text = JSON.stringify({ pid: process.pid, started: startTime(process.pid), ...what }, null, 2);
  mkdirSync(listFolder(), { recursive: true, mode: 0o700 });
  const files = [fileIn(what.stateDir), join(listFolder(), `${process.pid}.json`)];
  for (const file of files) writeFileSync(file, text, { mode: 0o600 });
  // Reading the list drops those that were killed.
  listed();
  process.once('exit', () => {
    for (const file of files) rmSync(file, { force: true });
  });
}

/**
 * Finds the emulator that runs.
 *
 * @param stateDir of the one that is meant; without it the only one of this user
 * @throws Error with a sentence where none runs, or several do
 */
export function findRunning(stateDir?: string): Running {
  if (stateDir !== undefined) {
    const found = read(fileIn(resolve(stateDir)));
    if (found !== undefined) return found;
    throw new Error(
      `No azureml-emulator runs with the state folder ${stateDir}; start one with: azureml-emulator --state ${stateDir}`,
    );
  }
  const all = listed();
  const [only, ...others] = all;
  if (only === undefined) throw new Error('No azureml-emulator runs; start one with: azureml-emulator');
  if (others.length === 0) return only;
  const choices = all.map((each) => `${each.stateDir} (process ${each.pid})`).join(', ');
  throw new Error(`Several emulators run; say which with --state, one of: ${choices}.`);
}

function listed(): Running[] {
  try {
    const isOurs = statSync(listFolder()).uid === (process.getuid?.() ?? 0);
    if (!isOurs) return [];
    return readdirSync(listFolder()).flatMap((name) => read(join(listFolder(), name)) ?? []);
  } catch {
    return [];
  }
}

/** undefined, and the file removed, where the process is gone. */
function read(file: string): Running | undefined {
  try {
    const running = JSON.parse(readFileSync(file, 'utf8')) as Running;
    if (isAlive(running)) return running;
    rmSync(file, { force: true });
  } catch {
    // No file, or half of one: nobody announced anything here.
  }
  return undefined;
}

function isAlive({ pid, started }: Running): boolean {
  if (started !== null) return startTime(pid) === started;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function fileIn(stateDir: string): string {
  return join(stateDir, 'running.json');
}

function listFolder(): string {
  return join(tmpdir(), `azureml-emulator-${userInfo().username}`);
}
