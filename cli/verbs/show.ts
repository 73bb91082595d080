import type { BerthaClient, RunPlan, RunView } from '../../client.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import type { Verb } from '../program.js';
import { findRun, withClient } from '../session.js';
import { type RunModel, modelOf } from '../view/model.js';
import { noWorkerSentence, readable } from '../view/phrases.js';
import { commandLines, planLines } from '../view/plan.js';
import { type Look, blockLines, eventLine } from '../view/terminal.js';
import { watchToEnd } from '../watch.js';
import { placeOfRun } from './ls.js';

export const showVerb: Verb = (program, act) => {
  program
    .command('show')
    .summary('show where a run is')
    .description(
      'Shows the stages, the progress of each phase and the last events of a run. Works while no worker runs, and for runs that have ended.',
    )
    .argument('<run>', 'name of the run')
    .option('-w, --watch', 'go on showing until the run ends; Ctrl-C stops the showing, not the run')
    .action(
      act<{ watch?: boolean }>((call, { watch }, run = '') =>
        withClient(call, async (client) => {
          const seen = await findRun(client, run);
          if (watch === true && seen.state === 'running') return watchToEnd(call, client, run);
          const facts = { now: Date.now() };
          const model = modelOf(seen, facts);
          const plan = await planOf(client, seen);
          call.answer(
            { ...showObject(seen), phases: model.phases, plan },
            showLines(call, { ...seen, plan }, model, facts.now),
          );
          return exitCodes.ok.code;
        }),
      ),
    );
};

function showObject(view: RunView): object {
  const { run, state, startedAt, endedAt, workerRuns, status, progress } = view;
  return { run, state, ...placeOfRun(view), startedAt, endedAt, workerRuns, status, progress };
}

/** Only a worker can answer; what does not come is left out. */
async function planOf(client: BerthaClient, { run, state, workerRuns }: RunView): Promise<RunPlan | null> {
  return state === 'running' && workerRuns ? client.planOf(run).catch(() => null) : null;
}

type Shown = RunView & { readonly plan: RunPlan | null };

export function showLines(call: Call, view: Shown, model: RunModel, now: number): string[] {
  const { io } = call;
  const look: Look = { columns: io.columns() + 1, rows: Infinity, color: io.color, unicode: io.unicode };
  const events = readable(view.status?.events ?? []).map((event) => eventLine(event, look, now));
  return [
    ...blockLines(model, look).slice(1),
    ...(events.length === 0 ? [] : ['', ...events]),
    ...(model.because === null ? [] : ['', `${view.state}: ${model.because}`]),
    ...(view.plan === null ? [] : ['', ...planLines(view.plan, now, io.columns())]),
    ...lastWords(call, view),
  ];
}

function lastWords(call: Call, view: Shown): string[] {
  if (view.state !== 'running') return ['', `its report: ${call.command(`report ${view.run}`)}`];
  if (!view.workerRuns) return ['', noWorkerSentence(call.command)];
  if (view.status === null) return ['', 'the run was started a moment ago and has said nothing yet'];
  return ['', ...commandLines(call, view.run, view.plan)];
}
