import { readFileSync } from 'node:fs';

const KIB = 1024;
/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const TICKS = 100;

/** What a process has used so far, its children not counted. */
export interface Usage {
  /** Memory in RAM now, and the most that it ever was, in bytes. */
  rss: number;
  peakRss: number;
  /** Processor time in seconds. */
  cpuSeconds: number;
}

/** Reads what a process has used from /proc. @throws Error when there is no such process */
export function usageOf(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN);
  // The name in brackets may hold spaces; what follows it is fields 3 and on, of which 14 and 15 are user and system time.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { rss: kib('VmRSS') * KIB, peakRss: kib('VmHWM') * KIB, cpuSeconds: ticks / TICKS };
}
