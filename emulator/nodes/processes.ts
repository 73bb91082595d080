import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { NODE_MARK } from './messages.js';

const SWEEPS = 20;
const SWEEP_MS = 10;

/**
 * Start time of a process in clock ticks since boot, from /proc; null when it is gone or there is no /proc. Together
 * with the pid it names one process for ever.
 */
export function startTime(pid: number): string | null {
  return statField(pid, 22);
}

/** Process group of a process; null when it is gone or there is no /proc. */
export function groupOf(pid: number): number | null {
  const group = statField(pid, 5);
  return group === null ? null : Number(group);
}

/** Pids of processes whose environment carries a node's mark. Empty where there is no /proc. */
export function markedProcesses(mark: string): number[] {
  return allProcesses().filter((pid) => isMarked(pid, mark) === true);
}

/** Whether a process carries a node's mark; undefined when that cannot be told now: it is just starting, or gone. */
export function isMarked(pid: number, mark: string): boolean | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    return environment === '' ? undefined : `\0${environment}`.includes(`\0${NODE_MARK}=${mark}\0`);
  } catch {
    return undefined;
  }
}

/** Every pid of the machine. Empty where there is no /proc. */
export function allProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Sends a signal to a node's process group and to those of its processes that left it. */
export function signalNode(leader: number, mark: string, signal: NodeJS.Signals): void {
  send(-leader, signal);
  for (const pid of markedProcesses(mark)) send(pid, signal);
}

/** Kills every process of a node and returns when none is left (or after 200 ms: a zombie is nobody's danger). */
export async function killNode(leader: number, mark: string): Promise<void> {
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    signalNode(leader, mark, 'SIGKILL');
    if (markedProcesses(mark).length === 0) return;
    await sleep(SWEEP_MS);
  }
}

/** Sends a signal; a process that is already gone is fine. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already, or never ours.
  }
}

// Fields are numbered as in proc(5). The second, the command's name, may hold spaces and brackets, so they are counted
// from behind its last bracket.
function statField(pid: number, number: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[number - 3] ?? null;
  } catch {
    return null;
  }
}
