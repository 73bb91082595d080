import type { RunView } from '../../client.js';
import type { RunConfig } from '../../domain/config.js';
import { runReportSchema } from '../../domain/report.js';
import { readConfig } from '../config-file.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { Verb } from '../program.js';
import { fieldsOf } from '../report-fields.js';
import { findRun, withClient } from '../session.js';
import { openPlace, readReport } from '../storage.js';
import { wrapped } from '../table.js';
import { reportLines } from '../view/report.js';
import { placeOfRun } from './ls.js';

export const reportVerb: Verb = (program, act) => {
  const command = program.command('report');
  command
    .summary('print the report of a run')
    .description('Prints the report of a run that has ended; with --json, its report.json. Works while no worker runs.')
    .argument('<run>', 'name of the run')
    .option('-c, --config <file>', 'find the report by this config where Temporal has forgotten the run')
    .addHelpText(
      'after',
      ({ command: asked }) =>
        `\nFields of report.json:\n${fieldLines(asked.configureOutput().getOutHelpWidth?.() ?? 80).join('\n')}`,
    )
    .action(
      act<{ config?: string }>(async (call, options, run = '') => {
        const { config, seen } =
          options.config === undefined
            ? await withClient(call, async (client) => ({
                seen: await findRun(client, run),
                config: await client.configOf(run),
              }))
            : { seen: null, config: await readConfig(options.config) };
        if (seen?.state === 'running') throw new Failure('failed', notEnded(seen, call.command(`show ${run}`)));
        const report = await readReport(await openPlace(config), run);
        if (report === null) throw new Failure('failed', noReport(run, config, seen));
        call.answer(report, reportLines(report, call.io));
        return exitCodes.ok.code;
      }),
    );
};

function fieldLines(width: number): string[] {
  return wrapped(
    fieldsOf(runReportSchema).map(({ path, type, sentence }) => [`  ${path}`, `${sentence} (${type})`]),
    width,
  );
}

function notEnded(view: RunView, command: string): string {
  const { stage, step, steps } = placeOfRun(view);
  const where =
    stage === null
      ? 'has not begun to work'
      : step === null
        ? `is in ${stage}`
        : `is in ${stage} at step ${step} of ${steps}`;
  return `run "${view.run}" has not ended and ${where}: its report is written at the end; look with: ${command}`;
}

function noReport(run: string, { storage }: RunConfig, seen: RunView | null): string {
  const ended = seen === null ? '' : ` (it ended ${seen.state})`;
  return `run "${run}" left no report in ${storage.account}/${storage.container}${ended}`;
}
