import type { BerthaClient, RunView } from '../../client.js';
import type { RunConfig } from '../../domain/config.js';
import { runFolder } from '../../domain/paths.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { listenForInterrupt } from '../interrupt.js';
import { type UserLog, label } from '../logs/files.js';
import { namedJob, newestJob, newestPhase } from '../logs/job.js';
import type { Verb } from '../program.js';
import { findRun, withClient } from '../session.js';
import { openPlace } from '../storage.js';
import { placeOfRun } from './ls.js';

interface LogsOptions {
  readonly attempt?: string;
  readonly follow?: boolean;
}

export const logsVerb: Verb = (program, act) => {
  program
    .command('logs')
    .summary('print what the training processes of a run wrote')
    .description(
      "Prints the logs of the newest job's training processes, each line with its rank. Works while no worker runs.",
    )
    .argument('<run>', 'name of the run')
    .option(
      '-a, --attempt <name>',
      'an attempt instead of the newest: a job name, p1/a002, or a002 of the newest phase',
    )
    .option('-f, --follow', 'go on until the job ends; Ctrl-C stops the printing, not the job')
    .action(
      act<LogsOptions>(async (call, options, run = '') => {
        const { job, config } = await withClient(call, (client) => chooseJob(call, client, run, options.attempt));
        return printLogs(call, { run, job, config, follow: options.follow === true });
      }),
    );
};

async function chooseJob(
  call: Call,
  client: BerthaClient,
  run: string,
  typed: string | undefined,
): Promise<{ job: string; config: RunConfig }> {
  const seen = await findRun(client, run);
  const config = await client.configOf(run);
  if (typed === undefined) {
    const job = newestJob(seen);
    if (job === null) throw new Failure('failed', noJobYet(call, seen));
    return { job, config };
  }
  const job = namedJob(typed, run, newestPhase(seen, config));
  if (job === null)
    throw new Failure(
      'usage',
      `--attempt "${typed}" names no attempt; write a job name (${run}-p1-a001), p1/a001 or a001`,
    );
  return { job, config };
}

function noJobYet(call: Call, seen: RunView): string {
  const { stage } = placeOfRun(seen);
  const where =
    stage === null ? 'has not begun to work' : `${seen.state === 'running' ? 'is in' : 'ended in'} ${stage}`;
  return `run "${seen.run}" has submitted no job: it ${where}; look with: ${call.command(`show ${seen.run}`)}`;
}

async function printLogs(
  call: Call,
  options: { run: string; job: string; config: RunConfig; follow: boolean },
): Promise<number> {
  const { run, job, config, follow } = options;
  const { azure } = await openPlace(config);
  const { tailJob } = await import('../logs/tail.js');
  const interrupt = listenForInterrupt();
  const lines: { rank: number | null; file: string; line: string }[] = [];
  const onLine = (log: UserLog, line: string) => {
    const object = { rank: log.rank, file: log.name, line };
    if (follow) call.data({ type: 'log', job, ...object });
    else if (call.json) lines.push(object);
    call.line(`${label(log)} ${line}`);
  };
  try {
    if (!call.json) call.note(`logs of job ${job}:`);
    const end = await tailJob({ azure, job, follow, signal: interrupt.signal, onLine });
    if (end === 'forgotten') throw new Failure('failed', forgotten(run, job, config));
    if (!follow) call.data({ run, job, lines });
    return end === 'interrupted' ? exitCodes.interrupted.code : exitCodes.ok.code;
  } finally {
    interrupt.release();
  }
}

function forgotten(run: string, job: string, { storage }: RunConfig): string {
  const left = `${storage.account}/${storage.container}/${runFolder(run)}/`;
  return `Azure ML knows no job ${job} (any more), so its logs are gone; what the trainer left in storage lies in ${left}`;
}
