import { resolve } from 'node:path';
import type { Stack } from '../../stack/stack.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { listenForInterrupt, pause } from '../interrupt.js';
import { endedParts, withStack } from '../local-stack.js';
import type { Verb } from '../program.js';
import { table } from '../table.js';

const LOOK_EVERY_MS = 1000;

export const upVerb: Verb = (program, act) => {
  program
    .command('up')
    .summary('start the local stack and keep it until Ctrl-C')
    .description(
      'Starts a local stack and keeps it running until Ctrl-C: a Temporal server, Blob storage (Azurite), an emulator of Azure ML, a worker. Runs outlive it: they go on when it is started again.',
    )
    .option('--fresh', 'forget everything that an earlier stack of this name held')
    .option('--scenario <file>', 'what the emulator does to jobs (preemptions, ...)')
    .action(
      act<{ fresh?: boolean; scenario?: string }>(async (call, { fresh, scenario }) => {
        const interrupt = listenForInterrupt();
        const options = {
          name: call.stack,
          fresh: fresh === true,
          ...(scenario === undefined ? {} : { scenario: resolve(scenario) }),
          onProgress: call.note,
        };
        try {
          call.note(`starting the local stack "${call.stack}" ...`);
          return await withStack(options, interrupt, (stack) => keepUp(call, stack, interrupt.signal));
        } finally {
          interrupt.release();
        }
      }),
    );
};

async function keepUp(call: Call, stack: Stack, signal: AbortSignal): Promise<number> {
  const { name, temporalAddress, uiUrl, azureMlUrl, blobUrl, places } = stack;
  call.answer(
    { type: 'up', stack: name, pid: process.pid, temporalAddress, uiUrl, azureMlUrl, blobUrl, logs: places.logs },
    upLines(call, stack),
  );
  const said = new Set<string>();
  while (!signal.aborted) {
    await pause(LOOK_EVERY_MS, signal);
    for (const { name: part, log } of endedParts(stack).filter((ended) => !said.has(ended.name))) {
      if (signal.aborted) break;
      if (part !== 'worker')
        throw new Failure('failed', `${part} ended by itself, so the stack stops; its log: ${log}`);
      said.add(part);
      call.data({ type: 'part-ended', part, log });
      call.note(`the worker ended by itself; its log: ${log}; start another with: ${call.command('worker')}`);
    }
  }
  call.note('stopping ... (Ctrl-C again kills everything)');
  return exitCodes.ok.code;
}

function upLines(call: Call, { name, temporalAddress, uiUrl, azureMlUrl, blobUrl, places }: Stack): string[] {
  const addresses = table([
    ['  Temporal', temporalAddress],
    ['  Temporal UI', uiUrl],
    ['  Azure ML emulator', azureMlUrl],
    ['  Blob storage', blobUrl],
    ['  logs', places.logs],
  ]);
  return [
    `the local stack "${name}" is up`,
    ...addresses,
    '',
    `in another terminal: ${call.command('start configs/demo.yaml')}`,
    'Ctrl-C stops the stack; runs go on when it is started again',
  ];
}
