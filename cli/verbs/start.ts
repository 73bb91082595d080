import type { BerthaClient } from '../../client.js';
import type { RunConfig } from '../../domain/config.js';
import { runRecordPath } from '../../domain/paths.js';
import type { Call } from '../call.js';
import { readConfig, renamed } from '../config-file.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { type StorageOptions, configFromStorage } from '../from-storage.js';
import { pause } from '../interrupt.js';
import type { Verb } from '../program.js';
import { withClient } from '../session.js';
import { openPlace } from '../storage.js';
import { searchAttributesSentence } from '../../temporal/search-attributes.js';
import { table } from '../table.js';
import { noWorkerSentence } from '../view/phrases.js';
import { watchToEnd } from '../watch.js';
import { summaryOf, warningsOf } from './validate.js';

/** How long storage may take to say whether the name is taken; the run itself asks again. */
const STORAGE_PATIENCE_MS = 5000;

interface StartOptions extends Partial<StorageOptions> {
  readonly name?: string;
  readonly continue?: boolean;
  readonly watch?: boolean;
}

/** What is started, and where its config comes from. */
interface Start {
  readonly config: RunConfig;
  readonly continueRun: boolean;
  readonly from: string;
}

export const startVerb: Verb = (program, act) => {
  program
    .command('start')
    .summary('start a run')
    .description(
      'Checks a config and starts its run. The name of a run is used once. A run that has ended, or whose Temporal was lost, is taken up again: a job that still lives is adopted, else the newest checkpoint that verifies is.',
    )
    .argument('[config]', 'run config (YAML)')
    .option('-n, --name <name>', 'name of the run instead of the one in the config')
    .option('--continue', 'take up a run of that name that exists in storage, with this config')
    .option('--from-storage <folder>', 'the same with the config that lies there: runs/NAME')
    .option('--account <name>', 'storage account of that folder')
    .option('--container <name>', 'its container')
    .option('--cloud <name>', 'cloud of the account; AzureCloud where not said')
    .option('-c, --config <file>', 'a config that names account, container and cloud instead')
    .option('-w, --watch', 'show the run until it ends, then its report')
    .action(
      act<StartOptions>(async (call, options, file) => {
        const start = await whatToStart(options, file);
        return withClient(call, async (client) => {
          await startRun(call, client, start);
          if (options.watch === true) return watchToEnd(call, client, start.config.name);
          return exitCodes.ok.code;
        });
      }),
    );
};

/** One way to take up a run, whether its config comes from a file or from where the run left it. */
async function whatToStart(options: StartOptions, file: string | undefined): Promise<Start> {
  const { fromStorage } = options;
  if ((file === undefined) === (fromStorage === undefined))
    throw new Failure('usage', 'start needs a config file, or --from-storage runs/NAME, and not both');
  if (fromStorage !== undefined) {
    if (options.name !== undefined)
      throw new Failure('usage', `--name "${options.name}" means nothing with --from-storage: the run keeps its name`);
    return { config: await configFromStorage({ ...options, fromStorage }), continueRun: true, from: fromStorage };
  }
  const config = await renamed(await readConfig(file ?? ''), options.name);
  return { config, continueRun: options.continue === true, from: file ?? '' };
}

async function startRun(call: Call, client: BerthaClient, { config, continueRun, from }: Start): Promise<void> {
  const inTemporal = await isKnown(client, config.name);
  if (!inTemporal && !continueRun) await refuseNameInStorage(call, config, from);
  await client.startRun(config, { continueRun });
  const { workerRuns } = await client.getRun(config.name);
  const { address, namespace } = client.target;
  const { processes, steps } = summaryOf(config);
  call.answer(
    { type: 'started', run: config.name, continued: continueRun, workerRuns, temporal: { address, namespace } },
    [
      `run ${config.name} ${continueRun ? 'continued' : 'started'} at ${address}: ${config.phases.length} ${config.phases.length === 1 ? 'phase' : 'phases'}, ${steps} steps, ${processes} training processes`,
      '',
      ...nextCommands(call, config.name),
    ],
  );
  for (const warning of warningsOf(config)) call.note(`warning: ${warning}`);
  if (!workerRuns) call.note(noWorkerSentence(call.command));
  const unsearchable = searchAttributesSentence(await client.searchAttributes(), client.target);
  if (unsearchable !== null) call.note(unsearchable);
}

export function nextCommands(call: Call, run: string): string[] {
  return table([
    [`  ${call.command(`show ${run} --watch`)}`, 'where it is'],
    [`  ${call.command(`logs ${run} -f`)}`, 'what the trainer says'],
    [`  ${call.command(`tensorboard ${run}`)}`, 'its curves'],
    [`  ${call.command(`pause ${run}`)}`, 'save, end the job and pay nothing until resume'],
    [`  ${call.command(`cancel ${run}`)}`, 'stop it'],
  ]);
}

async function isKnown(client: BerthaClient, run: string): Promise<boolean> {
  const { RunError } = await import('../../client.js');
  try {
    await client.getRun(run);
    return true;
  } catch (error) {
    if (error instanceof RunError) return false;
    throw error;
  }
}

/** A run that Temporal has forgotten still owns its folder. Storage that cannot be reached from here is no reason to stop: the run asks again. */
async function refuseNameInStorage(call: Call, config: RunConfig, file: string): Promise<void> {
  const record = runRecordPath(config.name);
  const look = openPlace(config)
    .then(({ store }) => store.info(record))
    .catch(() => null);
  const found = await Promise.race([look, pause(STORAGE_PATIENCE_MS).then(() => null)]);
  if (found === null) return;
  const { account, container } = config.storage;
  throw new Failure(
    'failed',
    `a run named "${config.name}" exists in storage (${account}/${container}/${record}); choose another name with --name, or go on with it: ${call.command(`start ${file} --continue`)}`,
  );
}
