import type { BerthaClient, RunView } from '../../client.js';
import type { RunConfig } from '../../domain/config.js';
import { runFolder } from '../../domain/paths.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { type Interrupt, listenForInterrupt } from '../interrupt.js';
import { type UserLog, label } from '../logs/files.js';
import { followJobs } from '../logs/follow.js';
import { namedJob, newestJob, newestPhase } from '../logs/job.js';
import { patientLook } from '../logs/patient.js';
import type { TailEnd } from '../logs/tail.js';
import type { Verb } from '../program.js';
import { findRun, withClient } from '../session.js';
import { openPlace } from '../storage.js';
import { placeOfRun } from './ls.js';

interface LogsOptions {
  readonly attempt?: string;
  readonly follow?: boolean;
  readonly rank?: number | 'all';
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
    .option(
      '-f, --follow',
      'go on, attempt after attempt, until the run ends (with --attempt: until that one ends); Ctrl-C stops the printing only',
    )
    .option('-r, --rank <number>', 'one process, or "all"; absent: all, with --follow the first one (rank 0)', rankOf)
    .action(
      act<LogsOptions>((call, options, run = '') =>
        withClient(call, async (client) => {
          const follow = options.follow === true;
          const rank = options.rank ?? (follow ? 0 : 'all');
          const seen = await findRun(client, run);
          const config = await client.configOf(run);
          const through = follow && options.attempt === undefined;
          const job = through ? null : chooseJob(call, seen, config, options.attempt);
          const reading = await readingOf(call, { run, config, follow, rank: rank === 'all' ? null : rank });
          try {
            return job === null ? await followRun(call, client, reading) : await printJob(call, job, reading);
          } finally {
            reading.interrupt.release();
          }
        }),
      ),
    );
};

interface Reading {
  readonly run: string;
  readonly config: RunConfig;
  readonly follow: boolean;
  readonly interrupt: Interrupt;
  /** Hands every line of a job over, until it has ended where it is followed. */
  readonly tail: (job: string, onLine: (log: UserLog, line: string) => void) => Promise<TailEnd>;
}

async function readingOf(
  call: Call,
  options: { run: string; config: RunConfig; follow: boolean; rank: number | null },
): Promise<Reading> {
  const { run, config, follow, rank } = options;
  const { azure } = await openPlace(config);
  const { tailJob } = await import('../logs/tail.js');
  const interrupt = listenForInterrupt();
  const { signal } = interrupt;
  const tail: Reading['tail'] = (job, onLine) => {
    if (!call.json) call.note(`logs of job ${job}:`);
    return tailJob({ azure, job, follow, rank, signal, onLine, onNote: call.note });
  };
  return { run, config, follow, interrupt, tail };
}

function chooseJob(call: Call, seen: RunView, config: RunConfig, typed: string | undefined): string {
  if (typed === undefined) {
    const job = newestJob(seen);
    if (job === null) throw new Failure('failed', noJobYet(call, seen));
    return job;
  }
  const job = namedJob(typed, seen.run, newestPhase(seen, config));
  if (job !== null) return job;
  throw new Failure(
    'usage',
    `--attempt "${typed}" names no attempt; write a job name (${seen.run}-p1-a001), p1/a001 or a001`,
  );
}

function noJobYet(call: Call, seen: RunView): string {
  const { stage } = placeOfRun(seen);
  const where =
    stage === null ? 'has not begun to work' : `${seen.state === 'running' ? 'is in' : 'ended in'} ${stage}`;
  return `run "${seen.run}" has submitted no job: it ${where}; look with: ${call.command(`show ${seen.run}`)}`;
}

async function printJob(call: Call, job: string, { run, config, follow, tail }: Reading): Promise<number> {
  const lines: object[] = [];
  const end = await tail(job, (log, line) => {
    if (!follow && call.json) lines.push(lineObject(log, line));
    else print(call, job, log, line);
  });
  if (end === 'forgotten') throw new Failure('failed', forgotten(run, job, config));
  if (!follow) call.data({ run, job, lines });
  return end === 'interrupted' ? exitCodes.interrupted.code : exitCodes.ok.code;
}

async function followRun(call: Call, client: BerthaClient, reading: Reading): Promise<number> {
  const { run, interrupt } = reading;
  let saidSo = false;
  const seen = await followJobs({
    look: patientLook(call.note, async () => {
      const seen = await findRun(client, run);
      const waits = newestJob(seen) === null && seen.state === 'running';
      if (waits && !saidSo) call.note(`${noJobYet(call, seen)}; its logs follow when it does`);
      saidSo ||= waits;
      return seen;
    }),
    tail: async (job) => {
      const end = await reading.tail(job, (log, line) => print(call, job, log, line));
      if (end === 'forgotten') call.note(forgotten(run, job, reading.config));
      return end;
    },
    onWaiting: (ended) => call.note(`job ${ended} has ended; the next attempt follows, if there is one`),
    signal: interrupt.signal,
  });
  if (seen === null) return exitCodes.interrupted.code;
  call.note(`run ${run} has ended: ${seen.state}`);
  return exitCodes.ok.code;
}

const lineObject = ({ rank, name }: UserLog, line: string) => ({ rank, file: name, line });

function print(call: Call, job: string, log: UserLog, line: string): void {
  call.data({ type: 'log', job, ...lineObject(log, line) });
  call.line(`${label(log)} ${line}`);
}

function rankOf(text: string): number | 'all' {
  if (text === 'all') return 'all';
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new Failure('usage', `--rank "${text}" is no rank; write a number from 0, or all`);
}

function forgotten(run: string, job: string, { storage }: RunConfig): string {
  const left = `${storage.account}/${storage.container}/${runFolder(run)}/`;
  return `Azure ML knows no job ${job} (any more), so its logs are gone; what the trainer left in storage lies in ${left}`;
}
