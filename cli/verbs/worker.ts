import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { Verb } from '../program.js';
import { serverIsDown, targetOf } from '../session.js';

const QUEUES = ['control', 'data'] as const;
type Queue = (typeof QUEUES)[number];

export const workerVerb: Verb = (program, act) => {
  program
    .command('worker')
    .summary('run a worker until Ctrl-C')
    .description(
      'Runs a worker: it does the work of all runs. Start as many as you like, stop them when you like; runs wait and lose nothing.',
    )
    .option(
      '-q, --queues <names>',
      'what to serve: control (needs little), data (CPU and bandwidth), or both',
      queuesOf,
      [...QUEUES],
    )
    .action(
      act<{ queues: Queue[] }>(async (call, { queues }) => {
        const target = await targetOf(call);
        const { runWorker } = await import('../../worker.js');
        try {
          await runWorker({ target, queues, announce: (sentence) => announce(call, sentence, queues, target.address) });
        } catch (cause) {
          if (isTransportError(cause)) throw new Failure('noServer', serverIsDown(call, target), { cause });
          throw cause;
        }
        return exitCodes.ok.code;
      }),
    );
};

function announce(call: Call, sentence: string, queues: readonly Queue[], address: string): void {
  call.answer({ type: 'worker', pid: process.pid, queues, address }, [sentence, 'Ctrl-C ends it']);
}

/** Temporal's native core names its errors; the class is not exported by the client packages that this verb may load early. */
const isTransportError = (error: unknown) => error instanceof Error && error.name === 'TransportError';

function queuesOf(text: string): Queue[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !QUEUES.includes(name as Queue));
  if (unknown.length > 0)
    throw new Failure(
      'usage',
      `--queues "${text}": there is no queue "${unknown[0]}"; choose from ${QUEUES.join(',')}`,
    );
  return [...new Set(names as Queue[])];
}
