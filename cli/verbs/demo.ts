import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { BerthaClient } from '../../client.js';
import type { RunConfig } from '../../domain/config.js';
import { installation } from '../../installation.js';
import type { Stack } from '../../stack/stack.js';
import type { TemporalTarget } from '../../temporal/connection.js';
import { type Call, makeCall } from '../call.js';
import { readConfig } from '../config-file.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { Follower } from '../follow.js';
import { type Interrupt, listenForInterrupt } from '../interrupt.js';
import { endedParts, withStack } from '../local-stack.js';
import type { Verb } from '../program.js';
import { withClient } from '../session.js';
import { openJob } from '../view/model.js';
import { type View, viewFor } from '../view/view.js';
import { codeOf, printReport } from '../watch.js';

/** The demo has a stack of its own, so that it never meets other runs. */
const STACK = 'demo';
/** How much of the time to stop may go into proving that the job has ended; the rest is for the stack. */
const PROOF_WITHIN_MS = 11_000;
/** A worker that ends is replaced, as whoever runs one in production would do; one that ends again and again is broken. */
const WORKERS_REPLACED = 3;

interface DemoOptions {
  readonly report?: string;
  readonly scenario: string;
  readonly config: string;
}

export const demoVerb: Verb = (program, act) => {
  program
    .command('demo')
    .summary('watch a small BERT survive a preemption, on a local stack')
    .description(
      'Starts a local stack of its own, pretrains a small BERT on it through a preemption, prints the report, stops the stack. Ctrl-C cancels the run and stops the stack within 15 s; a second one kills everything.',
    )
    .option('--report <file>', 'also write report.json to this file')
    .option(
      '--scenario <file>',
      'what the emulator does to the jobs',
      resolve(installation, 'configs/demo.scenario.yaml'),
    )
    .option('--config <file>', 'run config', resolve(installation, 'configs/demo.yaml'))
    .action(
      act<DemoOptions>(async (outer, options) => {
        const config = await readConfig(options.config);
        const call = makeCall(outer.io, { json: outer.json, stack: STACK });
        const interrupt = listenForInterrupt();
        const stackOptions = { name: STACK, fresh: true, scenario: resolve(options.scenario), onProgress: call.note };
        try {
          call.note('starting Temporal, Blob storage, the Azure ML emulator and a worker ...');
          const code = await withStack(stackOptions, interrupt, (stack) =>
            runDemo(call, stack, config, options, interrupt),
          );
          if (code !== exitCodes.interrupted.code) sayWhereToLook(call, config.name);
          return code;
        } finally {
          interrupt.release();
        }
      }),
    );
};

async function runDemo(
  call: Call,
  stack: Stack,
  config: RunConfig,
  options: DemoOptions,
  interrupt: Interrupt,
): Promise<number> {
  process.env['BERTHA_CLOUDS_DIR'] = stack.places.folder;
  const target: TemporalTarget = {
    address: stack.temporalAddress,
    namespace: 'default',
    options: {},
    from: 'local stack',
  };
  call.note(`the local stack is up; Temporal UI: ${stack.uiUrl}`);
  const work = async (client: BerthaClient) => {
    const run = await client.startRun(config);
    const view = viewFor(call);
    const follower = new Follower(call);
    const check = keepWhole(stack, view);
    try {
      const seen = await follower.follow({ client, run, view, signal: interrupt.signal, check });
      if (interrupt.signal.aborted) return await cancelAndProve(client, run, view, follower);
      view.end();
      const report = await printReport(call, client, run);
      if (report !== null && options.report !== undefined) writeReport(options.report, report);
      return codeOf(seen);
    } finally {
      view.end();
    }
  };
  return withClient(call, work, target);
}

/** After Ctrl-C: the run stops its job and proves that it ended, while we look on. */
async function cancelAndProve(client: BerthaClient, run: string, view: View, follower: Follower): Promise<number> {
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

/** Looks after the parts of the stack while the run goes on. @throws Failure where one has ended that cannot be replaced */
function keepWhole(stack: Stack, view: View): () => Promise<void> {
  let replaced = 0;
  return async () => {
    for (const { name, log } of endedParts(stack)) {
      const replaceable = name === 'worker' && replaced < WORKERS_REPLACED;
      if (!replaceable) throw new Failure('failed', `${name} ended by itself, so the demo stops; its log: ${log}`);
      replaced += 1;
      view.note('the worker ended by itself; starting another, which takes up where it stopped');
      await stack.startWorker();
    }
  };
}

function writeReport(file: string, report: unknown): void {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

function sayWhereToLook(call: Call, run: string): void {
  call.line();
  call.line('The stack is stopped; what the demo left is kept. To look at it:');
  call.line('  npx bertha --stack demo up                      opens it again (leave it running)');
  call.line(`  npx bertha --stack demo show ${run}`);
  call.line(`  npx bertha --stack demo tensorboard ${run}`);
}
