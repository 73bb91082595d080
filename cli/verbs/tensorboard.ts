import { runFolder } from '../../domain/paths.js';
import { runSlug } from '../../domain/names.js';
import { bertha } from '../../installation.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { explain, Failure } from '../failure.js';
import { type Interrupt, listenForInterrupt, pause } from '../interrupt.js';
import type { Verb } from '../program.js';
import { findRun, withClient } from '../session.js';
import { placeOf } from '../storage.js';
import { mirror } from '../tensorboard/mirror.js';
import { startTensorBoard, type TensorBoard } from '../tensorboard/server.js';

const SYNC_EVERY_MS = 5000;

export const tensorboardVerb: Verb = (program, act) => {
  program
    .command('tensorboard')
    .summary('serve the curves of a run')
    .description(
      'Keeps a local copy of the curves of a run in step with storage and serves it with TensorBoard until Ctrl-C. One curve per phase, through every preemption: undone steps are left out.',
    )
    .argument('<run>', 'name of the run')
    .option('-p, --port <number>', 'port to serve on; 0: any free one', portOf, 0)
    .option('--once', 'only copy the curves, and print the folder')
    .action(
      act<{ port: number; once?: boolean }>(async (call, { port, once }, run = '') => {
        const place = await withClient(call, async (client) => {
          await findRun(client, run);
          return placeOf(client, run);
        });
        const folder = bertha('tensorboard', runSlug(run));
        const sync = () => mirror(place.store, `${runFolder(run)}/tensorboard`, folder);
        const { files } = await sync();
        if (once === true) {
          call.answer({ run, folder, files }, [folder]);
          return exitCodes.ok.code;
        }
        const interrupt = listenForInterrupt();
        try {
          return await serve(call, { run, folder, files, port, sync, interrupt });
        } finally {
          interrupt.release();
        }
      }),
    );
};

interface Serving {
  readonly run: string;
  readonly folder: string;
  readonly files: number;
  readonly port: number;
  readonly sync: () => ReturnType<typeof mirror>;
  readonly interrupt: Interrupt;
}

async function serve(call: Call, { run, folder, files, port, sync, interrupt }: Serving): Promise<number> {
  const { signal } = interrupt;
  const server = await startTensorBoard(folder, port, signal);
  try {
    call.answer({ type: 'tensorboard', run, url: server.url, folder, files }, [
      `TensorBoard of run ${run}: ${server.url}`,
      'Ctrl-C ends it',
    ]);
    if (files === 0) call.note('no curve is published yet: the first one appears with the first checkpoint');
    await keepInStep(call, sync, server, signal);
    return exitCodes.ok.code;
  } finally {
    await server.stop();
  }
}

/** Until Ctrl-C. Storage that does not answer is said once and tried again. */
async function keepInStep(call: Call, sync: Serving['sync'], server: TensorBoard, signal: AbortSignal): Promise<void> {
  let ended = false;
  void server.ended.then(() => (ended = true));
  let complained = false;
  while (!signal.aborted) {
    await Promise.race([pause(SYNC_EVERY_MS, signal), server.ended]);
    if (signal.aborted) return;
    if (ended) throw new Failure('failed', 'TensorBoard ended by itself');
    try {
      await sync();
      complained = false;
    } catch (error) {
      if (!complained) call.note(`the curves cannot be brought up to date, trying again: ${explain(error).text}`);
      complained = true;
    }
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Failure('usage', `--port "${text}" is no port; write a number from 0 to 65535`);
  return port;
}
