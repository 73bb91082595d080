import { CancellationScope, condition } from '@temporalio/workflow';
import type { JournalEntry } from '../domain/journal.js';
import { type WebhookMessage, messageOf } from '../domain/webhook/message.js';
import { delivery } from './proxies.js';
import { reasonOf } from './reason.js';
import type { Run } from './state.js';

/** A receiver may be away so long and loses nothing; what it does not take by then stands in the journal only. */
const PATIENCE_MS = 3 * 86_400_000;
/** The same at the end of a run, which waits for it with its report written and nothing paid for. */
const LAST_PATIENCE = '10 minutes';
/** More are not carried from one execution of the workflow to the next. */
const MOST_WAITING = 100;

/** Posts what of these entries a person should hear of. Beside everything else: nothing waits for it, and nothing fails with it. */
export function tellReceiver(run: Run, entries: readonly JournalEntry[]): void {
  if (run.config.alerts?.webhook === undefined) return;
  const messages = entries.flatMap((entry) =>
    entry.type === 'event' ? (messageOf(run.place.run, run.chain, entry.event) ?? []) : [],
  );
  if (messages.length === 0) return;
  const waiting = [...(run.state.untold ?? []), ...messages];
  run.state.untold = waiting.slice(-MOST_WAITING);
  deliver(run, messages);
  const dropped = waiting.length - run.state.untold.length;
  if (dropped > 0)
    run.note({ kind: 'untold', count: dropped, reason: `more than ${MOST_WAITING} messages wait for it` });
}

/** What the execution before this one could not prove to be delivered is sent once more, with the ids that it had. */
export function tellAgain(run: Run): void {
  const { untold = [] } = run.state;
  if (untold.length > 0) deliver(run, untold);
}

/** Before the run closes, and with it whatever is under way; what is noted meanwhile is the caller's to write down. */
export async function untilTold(run: Run): Promise<void> {
  const isTold = () => (run.state.untold ?? []).length === 0;
  if (isTold()) return;
  if (await condition(isTold, LAST_PATIENCE)) return;
  const { untold = [] } = run.state;
  run.state.untold = [];
  run.note({ kind: 'untold', count: untold.length, reason: `it took none of them within ${LAST_PATIENCE} of the end` });
}

function deliver(run: Run, messages: readonly WebhookMessage[]): void {
  const { place, config } = run;
  const webhook = config.alerts?.webhook;
  if (webhook === undefined) return;
  const oldest = Date.parse(messages[0]?.timestamp ?? '') || Date.now();
  const left = Math.max(60_000, oldest + PATIENCE_MS - Date.now());
  const delivering = CancellationScope.nonCancellable(() =>
    delivery(left).deliverMessages({ place, webhook, messages }),
  );
  void delivering.then(
    () => isDone(run, messages),
    (error: unknown) => giveUp(run, messages, reasonOf(error)),
  );
}

/** @returns how many of them waited still */
function isDone({ state }: Run, messages: readonly WebhookMessage[]): number {
  const ids = new Set(messages.map(({ data }) => data.id));
  const waiting = state.untold ?? [];
  state.untold = waiting.filter(({ data }) => !ids.has(data.id));
  return waiting.length - state.untold.length;
}

function giveUp(run: Run, messages: readonly WebhookMessage[], reason: string): void {
  const count = isDone(run, messages);
  // Where the run has ended, or they were counted as dropped, it was said.
  if (count > 0) run.note({ kind: 'untold', count, reason });
}
