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
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name may hold spaces and brackets, so count from behind its last bracket.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Pids of processes whose environment carries a node's mark. Empty where there is no /proc. */
export function markedProcesses(mark: string): number[] {
  const needle = `${NODE_MARK}=${mark}\0`;
  return allProcesses().filter((pid) => {
    try {
      return `${readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`.includes(needle);
    } catch {
      return false;
    }
  });
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
