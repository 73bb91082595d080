import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { installation } from '../../installation.js';
import { type Call, makeCall } from '../call.js';
import { readConfig } from '../config-file.js';
import { runDemo } from '../demo/run.js';
import { exitCodes } from '../exit-codes.js';
import { listenForInterrupt } from '../interrupt.js';
import { withStack } from '../local-stack.js';
import type { Verb } from '../program.js';
import { rehearse } from '../rehearsal/rehearse.js';
import { readScenario } from '../rehearsal/scenario.js';

/** The demo has a stack of its own, so that it never meets other runs. */
const STACK = 'demo';

interface DemoOptions {
  readonly report?: string;
  readonly scenario: string;
  readonly config?: string;
}

export const demoVerb: Verb = (program, act) => {
  program
    .command('demo')
    .summary('watch a small BERT survive a preemption, on a local stack')
    .description(
      'Starts a local stack of its own, pretrains a small BERT on it through a preemption, prints the report, stops the stack. With --scenario harsh six kinds of preemption, a corrupt checkpoint, an outage and a kill -9 of every server, and the weights compared with those of an undisturbed run. Ctrl-C cancels the run and stops the stack within 15 s; a second one kills everything.',
    )
    .option('--report <file>', 'also write report.json to this file')
    .option('--scenario <name or file>', 'what happens meanwhile: configs/NAME.scenario.yaml, or a file', 'demo')
    .option('--config <file>', 'run config (default: that of the scenario)')
    .action(
      act<DemoOptions>(async (outer, options) => {
        const file = scenarioFile(options.scenario);
        const scenario = readScenario(file);
        const config = await readConfig(
          options.config ?? scenario?.config ?? resolve(installation, 'configs/demo.yaml'),
        );
        const call = makeCall(outer.io, { json: outer.json, stack: STACK });
        const interrupt = listenForInterrupt();
        const rehearsal = scenario === null ? { scenario: file } : { speed: scenario.speed };
        const stackOptions = { name: STACK, fresh: true, ...rehearsal, onProgress: call.note };
        try {
          call.note('starting Temporal, Blob storage, the Azure ML emulator and a worker ...');
          const code = await withStack(stackOptions, interrupt, async (stack) => {
            call.note(`the local stack is up; Temporal UI: ${stack.uiUrl}`);
            const run = scenario === null ? runDemo : rehearse(scenario);
            const report = await run({ call, stack, config, interrupt });
            if (report.report !== null && options.report !== undefined) writeReport(options.report, report.report);
            return report.code;
          });
          if (code !== exitCodes.interrupted.code) sayWhereToLook(call, config.name);
          return code;
        } finally {
          interrupt.release();
        }
      }),
    );
};

/** A bare word is the name of a scenario that comes with bertha. */
function scenarioFile(nameOrFile: string): string {
  const isName = /^[a-z0-9-]+$/.test(nameOrFile);
  return isName ? resolve(installation, 'configs', `${nameOrFile}.scenario.yaml`) : resolve(nameOrFile);
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
