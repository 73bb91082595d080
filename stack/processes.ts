import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { StackPlaces } from './places.js';

/** A part of the stack: a child process in a group of its own, recorded so that the next start can reap it whatever happened to us. */
export interface Part {
  readonly name: string;
  readonly child: ChildProcess;
  /** Starts it again as it is: on the same ports, with the same files. */
  readonly spec: PartSpec;
}

export interface PartSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Reads stdout line by line until it returns something; absent: ready at once. */
  readonly ready?: (line: string) => string | null;
  readonly readyWithinSeconds?: number;
}

/** A part that did not come up; the message names its log. */
export class PartError extends Error {}

/** Starts a part and waits until it says that it is ready. @returns the part and what `ready` read */
export async function startPart(places: StackPlaces, spec: PartSpec): Promise<{ part: Part; said: string }> {
  mkdirSync(places.logs, { recursive: true });
  const logFile = join(places.logs, `${spec.name}.log`);
  const child = spawn(spec.command, [...spec.args], {
    cwd: places.folder,
    detached: true,
    stdio: ['ignore', 'pipe', openSync(logFile, 'a')],
    env: cleanEnvironment(spec.env ?? {}),
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(new PartError(`${spec.name} cannot be started (${spec.command}): ${cause.message}`)),
    );
  });
  record(places, spec.name, child.pid ?? 0);
  const part = { name: spec.name, child, spec };
  try {
    return { part, said: await waitUntilReady(spec, child, logFile) };
  } catch (error) {
    await stopPart(places, part);
    throw error;
  }
}

function waitUntilReady(spec: PartSpec, child: ChildProcess, logFile: string): Promise<string> {
  const log = createWriteStream(logFile, { flags: 'a' });
  return new Promise((resolve, reject) => {
    const seconds = spec.readyWithinSeconds ?? 30;
    const timer = setTimeout(
      () => reject(new PartError(`${spec.name} did not come up within ${seconds} s; its log: ${logFile}`)),
      seconds * 1000,
    );
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    child.once('exit', (code) =>
      settle(() => reject(new PartError(`${spec.name} ended at once (exit code ${code}); its log: ${logFile}`))),
    );
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        log.write(`${line}\n`);
        const said = spec.ready?.(line) ?? null;
        if (said !== null) settle(() => resolve(said));
      });
    }
    if (spec.ready === undefined) settle(() => resolve(''));
  });
}

/** Ends a part: `signal` to its group, SIGKILL after `graceSeconds`. Returns when it is gone. */
export async function stopPart(
  places: StackPlaces,
  part: Part,
  graceSeconds = 5,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
  const pid = part.child.pid;
  if (pid !== undefined && part.child.exitCode === null && part.child.signalCode === null) {
    const gone = new Promise<void>((resolve) => part.child.once('exit', () => resolve()));
    signalGroup(pid, signal);
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceSeconds * 1000);
    await gone;
    clearTimeout(timer);
  }
  rmSync(join(places.processes, part.name), { force: true });
}

/** Kills what an earlier stack in this folder left behind: recorded pids that still have the recorded start time. @returns names of what was killed */
export function reap(places: StackPlaces): string[] {
  if (!existsSync(places.processes)) return [];
  const killed: string[] = [];
  for (const name of readdirSync(places.processes)) {
    const file = join(places.processes, name);
    const [pid, startedAt] = readFileSync(file, 'utf8').split(' ');
    const alive = pid !== undefined && startedAt !== undefined && startTime(Number(pid)) === startedAt;
    if (alive) {
      signalGroup(Number(pid), 'SIGKILL');
      killed.push(name);
    }
    rmSync(file, { force: true });
  }
  return killed;
}

function record(places: StackPlaces, name: string, pid: number): void {
  mkdirSync(places.processes, { recursive: true });
  writeFileSync(join(places.processes, name), `${pid} ${startTime(pid) ?? ''}`);
}

/** Start time of a process, as the system counts it; null where there is no such process. A pid alone may have been given to a stranger. */
export function startTime(pid: number): string | null {
  try {
    if (existsSync('/proc/self/stat'))
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? null;
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
        .trim()
        .replace(/\s+/g, '_') || null
    );
  } catch {
    return null;
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already, which is what was wanted.
  }
}

/** A shell set up for production must never reach a rehearsal: nothing of Temporal's or Azure's environment is handed on. */
function cleanEnvironment(extra: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|AZURE_|ARM_|BERTHA_)/.test(name));
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...extra };
}
