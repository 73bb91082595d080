import type { BerthaClient, RunView } from '../client.js';
import type { RunReport } from '../domain/report.js';
import type { Call } from './call.js';
import { exitCodes } from './exit-codes.js';
import { explain } from './failure.js';
import { Follower } from './follow.js';
import { listenForInterrupt } from './interrupt.js';
import { placeOf, readReport } from './storage.js';
import { reportLines } from './view/report.js';
import { viewFor } from './view/view.js';

/** Shows a run until it ends, then its report. Ctrl-C stops the showing only. @returns the exit code */
export async function watchToEnd(call: Call, client: BerthaClient, run: string): Promise<number> {
  const interrupt = listenForInterrupt();
  const view = viewFor(call);
  try {
    const seen = await new Follower(call).follow({ client, run, view, signal: interrupt.signal });
    view.end();
    if (seen.state === 'running') {
      call.note(
        `run ${run} goes on; look again with: ${call.command(`show ${run} --watch`)}, stop it with: ${call.command(`cancel ${run}`)}`,
      );
      return exitCodes.interrupted.code;
    }
    await printReport(call, client, run);
    return codeOf(seen);
  } finally {
    view.end();
    interrupt.release();
  }
}

/** Prints the report of a run that has ended; a report that cannot be reached is a note, not a failure. */
export async function printReport(call: Call, client: BerthaClient, run: string): Promise<RunReport | null> {
  try {
    const report = await readReport(await placeOf(client, run), run);
    if (report === null) call.note(`run ${run} left no report`);
    else showReport(call, report);
    return report;
  } catch (error) {
    call.note(`the report of run ${run} cannot be read now: ${explain(error).text}`);
    return null;
  }
}

function showReport(call: Call, report: RunReport): void {
  call.data({ type: 'report', run: report.run, report });
  for (const line of ['', ...reportLines(report, call.io)]) call.line(line);
}

export function codeOf({ state }: Pick<RunView, 'state'>): number {
  return state === 'completed' ? exitCodes.ok.code : exitCodes.failed.code;
}
