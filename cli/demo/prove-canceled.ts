import type { BerthaClient } from '../../client.js';
import { exitCodes } from '../exit-codes.js';
import type { Follower } from '../follow.js';
import { openJob } from '../view/model.js';
import type { View } from '../view/view.js';

/** How much of the time to stop may go into proving that the job has ended; the rest is for the stack. */
const PROOF_WITHIN_MS = 11_000;

/** After Ctrl-C: the run stops its job and proves that it ended, while we look on. @returns the exit code */
export async function cancelAndProve(
  client: BerthaClient,
  run: string,
  view: View,
  follower: Follower,
): Promise<number> {
  view.note('canceling the run and proving that its job ended ... (Ctrl-C again kills everything)');
  const { state } = await client.getRun(run);
  if (state === 'running') await client.cancelRun(run);
  const seen = await follower.follow({ client, run, view, signal: AbortSignal.timeout(PROOF_WITHIN_MS) });
  view.end();
  if (seen.state !== 'running') view.note(`run ${run} ended: ${seen.state}`);
  else if (seen.status === null || openJob(seen.status) === null)
    view.note('no job of the run is alive; its report was not waited for');
  else view.note(`job ${openJob(seen.status)} was not proven ended in time; it ends with the stack`);
  view.note('stopping the stack ...');
  return exitCodes.interrupted.code;
}
