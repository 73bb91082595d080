import type { AzureConnection } from '../../azure/connection.js';
import { getJobHistory } from '../../azure/history.js';
import { getJob, isTerminal } from '../../azure/jobs.js';
import { logBegin, type LogPlace, readLog } from '../../azure/logs.js';
import { explain } from '../failure.js';
import { pause } from '../interrupt.js';
import { LineSplitter, type UserLog, userLogs } from './files.js';

const LOOK_EVERY_MS = 2000;

export interface TailOptions {
  readonly azure: AzureConnection;
  readonly job: string;
  /** Go on until the job has ended, through restarts in place and through times in which Azure does not answer. */
  readonly follow: boolean;
  /** Only this rank; null: all user logs. */
  readonly rank: number | null;
  readonly signal: AbortSignal;
  readonly lookEveryMs?: number;
  readonly onLine: (log: UserLog, line: string) => void;
  /** A sentence about the reading, not from the job. */
  readonly onNote: (sentence: string) => void;
}

/** How a tail ended: `forgotten` where Azure does not know the job (any more). */
export type TailEnd = 'read' | 'forgotten' | 'interrupted';

interface Reading {
  readonly lines: LineSplitter;
  place: LogPlace;
}

/** Hands over the user logs of a job line by line, each once; ranks in order within one look. URLs carry a SAS and never leave this file. */
export async function tailJob(options: TailOptions): Promise<TailEnd> {
  const { follow, signal, onNote, lookEveryMs = LOOK_EVERY_MS } = options;
  const readings = new Map<string, Reading>();
  let complained = false;
  for (;;) {
    try {
      const look = await lookOnce(options, readings);
      if (look !== 'goes-on') return look;
      complained = false;
    } catch (error) {
      if (!follow) throw error;
      if (!complained) onNote(`the logs cannot be read now, trying again: ${explain(error).text}`);
      complained = true;
    }
    await pause(lookEveryMs, signal);
    if (signal.aborted) return 'interrupted';
  }
}

async function lookOnce(options: TailOptions, readings: Map<string, Reading>): Promise<TailEnd | 'goes-on'> {
  const { azure, job, follow, rank, onLine, onNote } = options;
  const found = await getJob(azure, job);
  const history = found === null ? null : await getJobHistory(azure, job);
  if (found === null || history === null) return 'forgotten';
  const logs = userLogs(Object.keys(history.logFiles)).filter((log) => rank === null || log.rank === rank);
  for (const log of logs) {
    const reading = readings.get(log.name) ?? { lines: new LineSplitter(), place: logBegin };
    readings.set(log.name, reading);
    const { text, next, anew } = await readLog(azure, history.logFiles[log.name] ?? '', reading.place);
    reading.place = next;
    if (anew) {
      for (const line of reading.lines.end()) onLine(log, line);
      onNote(`job ${job} was started again in place: ${log.name} begins anew`);
    }
    for (const line of reading.lines.push(text)) onLine(log, line);
  }
  const over = !follow || isTerminal(found.status);
  if (!over) return 'goes-on';
  for (const log of logs) for (const line of readings.get(log.name)?.lines.end() ?? []) onLine(log, line);
  return 'read';
}
