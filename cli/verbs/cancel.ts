import type { BerthaClient, RunView } from '../../client.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { Follower } from '../follow.js';
import { listenForInterrupt } from '../interrupt.js';
import type { Verb } from '../program.js';
import { findRun, withClient } from '../session.js';
import { byOption } from '../steer.js';
import { noWorkerSentence } from '../view/phrases.js';
import { viewFor } from '../view/view.js';

export const cancelVerb: Verb = (program, act) => {
  program
    .command('cancel')
    .summary('stop a run')
    .description(
      'Asks a run to stop: it cancels its job, proves that the job ended and writes its report. Its checkpoints stay.',
    )
    .argument('<run>', 'name of the run')
    .option('-w, --wait', 'wait until the run has ended')
    .option('--reason <words>', 'why; stands in the report')
    .option(...byOption())
    .action(
      act<{ wait?: boolean; reason?: string; by: string }>((call, { wait, reason, by }, run = '') =>
        withClient(call, async (client) => {
          const seen = await findRun(client, run);
          if (seen.state !== 'running') {
            throw new Failure(
              'failed',
              `run "${run}" has ended already (${seen.state}); its report: ${call.command(`report ${run}`)}`,
            );
          }
          const effect = await client.cancelRun(run, { by, ...(reason === undefined ? {} : { reason }) });
          call.answer(
            { type: 'cancel-requested', run, job: seen.status?.jobName ?? null, workerRuns: seen.workerRuns, effect },
            askedLines(call, seen),
          );
          if (!seen.workerRuns) call.note(noWorkerSentence(call.command));
          return wait === true ? waitForEnd(call, client, seen) : exitCodes.ok.code;
        }),
      ),
    );
};

function askedLines(call: Call, { run, status }: RunView): string[] {
  const job = status?.jobName ?? null;
  const what =
    job === null
      ? 'it stops before its next job'
      : `it cancels job ${job} and waits until Azure says that the job ended`;
  return [
    `asked run ${run} to stop: ${what}, then it writes its report; its checkpoints stay`,
    `follow it with: ${call.command(`show ${run} --watch`)}`,
  ];
}

async function waitForEnd(call: Call, client: BerthaClient, asked: RunView): Promise<number> {
  const { run } = asked;
  const interrupt = listenForInterrupt();
  const view = viewFor(call);
  const follower = new Follower(call);
  follower.passOver(asked);
  try {
    const { state } = await follower.follow({ client, run, view, signal: interrupt.signal });
    if (state === 'running') return exitCodes.interrupted.code;
    call.answer({ type: 'ended', run, state }, [`run ${run} ended: ${state}`]);
    return state === 'canceled' ? exitCodes.ok.code : exitCodes.failed.code;
  } finally {
    view.end();
    interrupt.release();
  }
}
