import type { RunView } from '../../client.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import type { Verb } from '../program.js';
import { findRun, withClient } from '../session.js';
import { type RunModel, modelOf } from '../view/model.js';
import { noWorkerSentence, readable } from '../view/phrases.js';
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
          call.answer({ ...showObject(seen), phases: model.phases }, showLines(call, seen, model, facts.now));
          return exitCodes.ok.code;
        }),
      ),
    );
};

function showObject(view: RunView): object {
  const { run, state, startedAt, endedAt, workerRuns, status, progress } = view;
  return { run, state, ...placeOfRun(view), startedAt, endedAt, workerRuns, status, progress };
}

function showLines(call: Call, view: RunView, model: RunModel, now: number): string[] {
  const { io } = call;
  const look: Look = { columns: io.columns() + 1, rows: Infinity, color: io.color, unicode: io.unicode };
  const events = readable(view.status?.events ?? []).map((event) => eventLine(event, look, now));
  return [
    ...blockLines(model, look).slice(1),
    ...(events.length === 0 ? [] : ['', ...events]),
    ...(model.because === null ? [] : ['', `${view.state}: ${model.because}`]),
    ...lastWords(call, view),
  ];
}

function lastWords(call: Call, view: RunView): string[] {
  if (view.state !== 'running') return ['', `its report: ${call.command(`report ${view.run}`)}`];
  if (!view.workerRuns) return ['', noWorkerSentence(call.command)];
  return view.status === null ? ['', 'the run was started a moment ago and has said nothing yet'] : [];
}
