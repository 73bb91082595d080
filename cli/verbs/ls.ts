import type { RunView } from '../../client.js';
import { stageTitle } from '../../domain/events.js';
import { exitCodes } from '../exit-codes.js';
import type { Verb } from '../program.js';
import { withClient } from '../session.js';
import { table } from '../table.js';
import { noWorkerSentence } from '../view/phrases.js';
import { localTime } from '../words.js';

export const lsVerb: Verb = (program, act) => {
  program
    .command('ls')
    .summary('list the runs')
    .description('Lists the runs that Temporal remembers, newest first. Works while no worker runs.')
    .action(
      act((call) =>
        withClient(call, async (client) => {
          const runs = await client.listRuns();
          const waiting = runs.some(({ state, workerRuns }) => state === 'running' && !workerRuns);
          const hint =
            runs.length === 0
              ? [`no runs at ${client.target.address}; start one with: ${call.command('start configs/demo.yaml')}`]
              : table(runRows(runs));
          call.answer({ runs: runs.map(runObject) }, hint);
          if (waiting) call.note(noWorkerSentence(call.command));
          return exitCodes.ok.code;
        }),
      ),
    );
};

/** Header and a row per run. */
export function runRows(runs: readonly RunView[]): string[][] {
  return [['RUN', 'STATE', 'STAGE', 'STEP', 'STARTED', 'WORKER'], ...runs.map(runRow)];
}

function runRow(view: RunView): string[] {
  const { stage, step, steps } = placeOfRun(view);
  const worker = view.state === 'running' ? (view.workerRuns ? 'yes' : 'none') : '-';
  return [
    view.run,
    view.state,
    stage ?? '-',
    step === null ? '-' : `${step}/${steps}`,
    localTime(view.startedAt.getTime()),
    worker,
  ];
}

/** Where a run is: its stage in words, and in a phase the step it is at. */
export function placeOfRun({ status, progress }: RunView): {
  stage: string | null;
  step: number | null;
  steps: number | null;
} {
  if (status === null) return { stage: null, step: null, steps: null };
  const phase = status.phases.find(({ name }) => name === status.phase);
  if (phase === undefined) return { stage: stageTitle(status.stage), step: null, steps: null };
  const seen = progress?.jobName === status.jobName ? progress?.step : null;
  return { stage: stageTitle(status.stage), step: seen ?? status.head?.step ?? 0, steps: phase.steps };
}

function runObject(view: RunView): unknown {
  const { run, state, startedAt, endedAt, workerRuns, status } = view;
  return {
    run,
    state,
    outcome: status?.outcome ?? null,
    ...placeOfRun(view),
    job: status?.jobName ?? null,
    startedAt,
    endedAt,
    workerRuns,
  };
}
