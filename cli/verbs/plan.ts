import { measuredByRun } from '../../domain/forecast/after.js';
import { forecastRun } from '../../domain/forecast/forecast.js';
import { runForecastSchema } from '../../domain/forecast/schema.js';
import type { Measured } from '../../domain/forecast/speed.js';
import type { RunConfig } from '../../domain/config.js';
import { runFolder } from '../../domain/paths.js';
import { readConfig } from '../config-file.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { configFromStorage } from '../from-storage.js';
import { forecastLines } from '../plan/lines.js';
import { readFacts } from '../plan/read.js';
import type { Verb } from '../program.js';
import { fieldsOf } from '../report-fields.js';
import { openPlace, readReport } from '../storage.js';
import { wrapped } from '../table.js';

interface PlanOptions {
  readonly region?: string;
  readonly after?: string;
}

export const planVerb: Verb = (program, act) => {
  program
    .command('plan')
    .summary('tell what a run would take, before it starts')
    .description(
      'Prints what a run of this config would take: steps and tokens, hours and price on its nodes and on others, quota that is left, preemptions and goodput to be expected. Changes nothing and needs no Temporal server; what Azure does not answer is left out and named. docs/plan.md explains the numbers.',
    )
    .argument('<config>', 'run config (YAML)')
    .option('--region <name>', "plan for this region instead of the workspace's; needs no sign-in for its prices")
    .option('--after <run>', 'take the speed that this earlier run reached, by its report in the storage of the config')
    .addHelpText(
      'after',
      ({ command }) =>
        `\nFields with --json:\n${fieldLines(command.configureOutput().getOutHelpWidth?.() ?? 80).join('\n')}`,
    )
    .action(
      act<PlanOptions>(async (call, { region, after }, file = '') => {
        const config = await readConfig(file);
        const measured = after === undefined ? [] : [await speedOf(config, after)];
        const facts = await readFacts(config, { measured, ...(region === undefined ? {} : { region }) });
        const forecast = runForecastSchema.parse(forecastRun(config, facts));
        call.answer(forecast, forecastLines(forecast, call.io.columns()));
        for (const warning of forecast.warnings) call.note(`warning: ${warning}`);
        return exitCodes.ok.code;
      }),
    );
};

/** @throws Failure where the run left nothing that says how fast it was */
async function speedOf(config: RunConfig, run: string): Promise<Measured> {
  const { account, container } = config.storage;
  const place = { account, container, cloud: config.azure.cloud };
  const report = await readReport(await openPlace(config), run);
  if (report === null)
    throw new Failure(
      'failed',
      `--after ${run}: it left no report in ${account}/${container}, so its speed is not known`,
    );
  const earlier = await configFromStorage({ fromStorage: runFolder(run), ...place });
  const measured = measuredByRun(config, earlier, report);
  if (measured !== null) return measured;
  throw new Failure(
    'failed',
    `--after ${run}: none of its phases has name and sequence length of one of ${config.name}, so it says nothing about its speed`,
  );
}

function fieldLines(width: number): string[] {
  return wrapped(
    fieldsOf(runForecastSchema).map(({ path, type, sentence }) => [`  ${path}`, `${sentence} (${type})`]),
    width,
  );
}
