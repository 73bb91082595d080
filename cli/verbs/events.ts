import type { BerthaClient, RunView } from '../../client.js';
import type { RunEvent } from '../../domain/events.js';
import { readJournal } from '../../domain/journal.js';
import { journalPath } from '../../domain/paths.js';
import type { Call } from '../call.js';
import { readConfig } from '../config-file.js';
import { eventObject, eventRow } from '../events/lines.js';
import { mergedEvents } from '../events/merged.js';
import { exitCodes } from '../exit-codes.js';
import { explain, Failure } from '../failure.js';
import { Follower } from '../follow.js';
import { listenForInterrupt } from '../interrupt.js';
import type { Verb } from '../program.js';
import { findRun, withClient } from '../session.js';
import { openPlace, placeOf, type RunPlace } from '../storage.js';
import { readable } from '../view/phrases.js';
import type { View } from '../view/view.js';
import { codeOf } from '../watch.js';

interface EventsOptions {
  readonly follow?: boolean;
  readonly config?: string;
}

export const eventsVerb: Verb = (program, act) => {
  program
    .command('events')
    .summary('print what happened in a run, and who brought it about')
    .description(
      'Prints every event of a run, oldest first: when, who, what. They come from the journal in storage and from the run itself, so it works while no worker runs, and for runs that have ended.',
    )
    .argument('<run>', 'name of the run')
    .option('-f, --follow', 'go on until the run ends; Ctrl-C stops the printing, not the run')
    .option('-c, --config <file>', 'find the journal by this config where Temporal has forgotten the run')
    .action(
      act<EventsOptions>(async (call, { follow, config }, run = '') => {
        if (config !== undefined) return printForgotten(call, run, await openPlace(await readConfig(config)));
        return withClient(call, (client) => printEvents(call, client, run, follow === true));
      }),
    );
};

async function printForgotten(call: Call, run: string, place: RunPlace): Promise<number> {
  const events = await journalOf(place, run);
  const { account, container } = place.config.storage;
  if (events === null)
    throw new Failure('failed', `run "${run}" has no journal in ${account}/${container}/${journalPath(run)}`);
  call.answer({ run, events: events.map(eventObject) }, rows(events));
  return exitCodes.ok.code;
}

async function printEvents(call: Call, client: BerthaClient, run: string, follow: boolean): Promise<number> {
  await findRun(client, run);
  // The journal first: what is written between the two looks is then known to both.
  const journal = await recorded(call, client, run);
  const seen = await findRun(client, run);
  const events = mergedEvents(journal, seen.status?.events ?? []);
  if (!follow || seen.state !== 'running') {
    const hint = events.length === 0 ? ['the run was started a moment ago and has said nothing yet'] : [];
    call.answer({ run, state: seen.state, events: events.map(eventObject) }, [...rows(events), ...hint]);
    return exitCodes.ok.code;
  }
  for (const event of events) print(call, event);
  return followEvents(call, client, seen);
}

/** What the journal holds; storage that cannot be reached from here is a note: the run itself still says its last events. */
async function recorded(call: Call, client: BerthaClient, run: string): Promise<readonly RunEvent[]> {
  try {
    return (await journalOf(await placeOf(client, run), run)) ?? [];
  } catch (error) {
    call.note(`the journal of run ${run} cannot be read now, so only its last events follow: ${explain(error).text}`);
    return [];
  }
}

async function journalOf({ store }: RunPlace, run: string): Promise<readonly RunEvent[] | null> {
  const text = await store.text(journalPath(run));
  return text === null ? null : readJournal(text).events;
}

async function followEvents(call: Call, client: BerthaClient, seen: RunView): Promise<number> {
  const interrupt = listenForInterrupt();
  const follower = new Follower(call);
  follower.passOver(seen);
  try {
    const last = await follower.follow({ client, run: seen.run, view: printing(call), signal: interrupt.signal });
    if (last.state === 'running') return exitCodes.interrupted.code;
    call.data({ type: 'ended', run: last.run, state: last.state });
    return codeOf(last);
  } finally {
    interrupt.release();
  }
}

function printing(call: Call): View {
  let lastNotice: string | null = null;
  return {
    update(_model, events, { notice }) {
      for (const event of events) print(call, event);
      if (notice !== null && notice !== lastNotice) call.note(notice);
      lastNotice = notice;
    },
    note: call.note,
    end: () => undefined,
  };
}

function print(call: Call, event: RunEvent): void {
  call.data({ type: 'event', ...eventObject(event) });
  for (const row of rows([event])) call.line(row);
}

const rows = (events: readonly RunEvent[]) => readable(events).map(eventRow);
