import { readFileSync } from 'node:fs';

/** Whether a process lives; a dead one whose parent died with it stays a zombie until somebody collects it. */
export function isAlive(pid: string | undefined): boolean {
  return !['gone', 'Z', 'X'].includes(stateOf(pid));
}

/** The letter that the kernel gives its state, or 'gone'. */
export function stateOf(pid: string | undefined): string {
  try {
    return readFileSync(`/proc/${pid?.trim() || 'none'}/stat`, 'utf8').split(' ')[2] ?? 'gone';
  } catch {
    return 'gone';
  }
}
