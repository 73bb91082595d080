import { readFileSync } from 'node:fs';
import { Samples } from '../harness/samples.js';

/** A request that the emulator logged. */
export interface Logged {
  /** Milliseconds of the day, ever growing. */
  readonly at: number;
  readonly method: string;
  readonly status: number;
  readonly path: string;
}

const LINE = /^(\d\d):(\d\d):(\d\d)\.(\d{3}) ([A-Z]+) +(\d{3}) +[\d.]+ ms \S+ +(\S+)/;
const DAY_MS = 86_400_000;

/** Requests to Azure Resource Manager from the log of an emulator that was started with `--log-requests`. */
export function readTraffic(logFile: string): Logged[] {
  const found: Logged[] = [];
  let days = 0;
  for (const line of readFileSync(logFile, 'utf8').split('\n')) {
    const [, hours, minutes, seconds, ms, method = '', status, path = ''] = LINE.exec(line) ?? [];
    if (hours === undefined || !path.startsWith('.../')) continue;
    const ofDay = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(ms);
    const before = found.at(-1)?.at ?? 0;
    if (ofDay + days * DAY_MS < before - DAY_MS / 2) days += 1;
    found.push({ at: ofDay + days * DAY_MS, method, status: Number(status), path });
  }
  return found;
}

/** The same clock as in the log. */
export const timeOfDay = (epochMs: number) => epochMs % DAY_MS;

export const between = (traffic: readonly Logged[], from: number, until: number): Logged[] =>
  traffic.filter(({ at }) => at >= from && at < until);

export const reads = (traffic: readonly Logged[]): Logged[] => traffic.filter(({ method }) => method === 'GET');

const LOOK = /\/jobs\/([^/?]+)$/;

/** Seconds between one look at a job and the next, of all jobs. */
export function pollIntervals(traffic: readonly Logged[]): Samples {
  const last = new Map<string, number>();
  const intervals: number[] = [];
  for (const { at, path } of reads(traffic)) {
    const job = LOOK.exec(path)?.[1];
    if (job === undefined) continue;
    const before = last.get(job);
    if (before !== undefined) intervals.push((at - before) / 1000);
    last.set(job, at);
  }
  return Samples.of(intervals);
}

/** The most requests in any so many seconds, a second. */
export function busiest(traffic: readonly Logged[], seconds: number): number {
  let first = 0;
  let most = 0;
  traffic.forEach(({ at }, index) => {
    while (at - (traffic[first]?.at ?? at) > seconds * 1000) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most / seconds;
}
