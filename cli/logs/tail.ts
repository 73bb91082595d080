import type { AzureConnection } from '../../azure/connection.js';
import { getJobHistory } from '../../azure/history.js';
import { getJob, isTerminal } from '../../azure/jobs.js';
import { readLog } from '../../azure/logs.js';
import { pause } from '../interrupt.js';
import { LineSplitter, type UserLog, userLogs } from './files.js';

const POLL_MS = 2000;

export interface TailOptions {
  readonly azure: AzureConnection;
  readonly job: string;
  /** Go on until the job has ended. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  readonly onLine: (log: UserLog, line: string) => void;
}

/** How a tail ended: `forgotten` where Azure does not know the job (any more). */
export type TailEnd = 'read' | 'forgotten' | 'interrupted';

interface Reading {
  readonly lines: LineSplitter;
  offset: number;
}

/** Hands over the user logs of a job line by line, each once; ranks in order within one look. URLs carry a SAS and never leave this file. */
export async function tailJob(options: TailOptions): Promise<TailEnd> {
  const { azure, job, follow, signal, onLine } = options;
  const readings = new Map<string, Reading>();
  for (;;) {
    const found = await getJob(azure, job);
    const history = found === null ? null : await getJobHistory(azure, job);
    if (found === null || history === null) return 'forgotten';
    const logs = userLogs(Object.keys(history.logFiles));
    for (const log of logs) {
      const reading = readings.get(log.name) ?? { lines: new LineSplitter(), offset: 0 };
      readings.set(log.name, reading);
      const { text, next } = await readLog(azure, history.logFiles[log.name] ?? '', reading.offset);
      reading.offset = next;
      for (const line of reading.lines.push(text)) onLine(log, line);
    }
    const over = !follow || isTerminal(found.status);
    if (over) {
      for (const log of logs) for (const line of readings.get(log.name)?.lines.end() ?? []) onLine(log, line);
      return 'read';
    }
    await pause(POLL_MS, signal);
    if (signal.aborted) return 'interrupted';
  }
}
