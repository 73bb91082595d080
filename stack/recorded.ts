import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StackPlaces } from './places.js';
import { reap, startTime } from './processes.js';

/** A part as it was recorded when it started. */
export interface RecordedPart {
  readonly name: string;
  readonly pid: number;
  readonly alive: boolean;
  readonly log: string;
}

/** The parts of a stack, seen from outside: by recorded pid and start time. */
export function recordedParts(places: StackPlaces): RecordedPart[] {
  if (!existsSync(places.processes)) return [];
  return readdirSync(places.processes).map((name) => {
    const [pid = '', startedAt] = readFileSync(join(places.processes, name), 'utf8').split(' ');
    return {
      name,
      pid: Number(pid),
      alive: startTime(Number(pid)) === startedAt,
      log: join(places.logs, `${name}.log`),
    };
  });
}

/** SIGKILL to every part at once, and to all that descends from them: training processes live in groups of their own. */
export function killStack(places: StackPlaces): void {
  const alive = recordedParts(places).filter((part) => part.alive);
  const family = descendants(alive.map(({ pid }) => pid));
  reap(places);
  for (const pid of family) kill(pid);
}

function descendants(ancestors: readonly number[]): number[] {
  if (ancestors.length === 0) return [];
  const pairs = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found: number[] = [];
  for (let generation = [...ancestors]; generation.length > 0;) {
    generation = pairs.filter(([, parent]) => generation.includes(parent ?? 0)).map(([pid]) => pid ?? 0);
    found.push(...generation);
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already, which is what was wanted.
  }
}
