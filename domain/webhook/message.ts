import { z } from 'zod';
import { type RunEvent, describeEvent } from '../events.js';

/** What a webhook is sent, after the Standard Webhooks specification; docs/webhook.md has these sentences as a table. */
export const webhookMessageSchema = z.object({
  type: z
    .enum(['run.alert', 'run.budget', 'run.waits', 'run.ended', 'attempt.ended'])
    .describe(
      'What it is about: something worth a look though the run goes on; a share of the budget is spent; the run waits for a person; it has ended; a job of it has ended.',
    ),
  timestamp: z.string().describe('When it happened, UTC. The header webhook-timestamp says when it was sent.'),
  data: z
    .object({
      id: z.string().describe('The same as the header webhook-id: of two messages with one id take one.'),
      run: z.string().describe('Name of the run.'),
      chain: z.string().describe('Workflow of the run that says it: a run that is taken up has several.'),
      sequence: z.number().describe('Number of the event within that workflow, in the order in which things happened.'),
      kind: z.string().describe('Kind of the event, as `bertha events --json` names it.'),
      text: z.string().describe('What happened, in a sentence.'),
      phase: z.string().nullable().describe('Phase that it is about; null where it is about none.'),
      job: z.string().nullable().describe('Azure ML job that it is about; null where it is about none.'),
      ending: z.string().nullable().describe('attempt.ended: how, as in a report; else null.'),
      outcome: z.string().nullable().describe('run.ended: completed, failed or canceled; else null.'),
      nextCommand: z.string().nullable().describe('run.waits: the command that goes on; else null.'),
      budget: z
        .object({
          share: z.number().describe('Which of `cost.alertAt` is reached.'),
          spent: z.number().describe('Spent so far, the open job included.'),
          total: z.number().describe('The budget.'),
          currency: z.string().describe('Currency of both.'),
          reachedAt: z.string().nullable().describe('When it is used up at the rate so far, UTC.'),
          earliestAt: z.string().nullable().describe('The same were nodes held from now on without a break.'),
        })
        .nullable()
        .describe('run.budget: what is spent; else null.'),
    })
    .describe('What happened.'),
});
export type WebhookMessage = z.output<typeof webhookMessageSchema>;
type Type = WebhookMessage['type'];
type Data = WebhookMessage['data'];

/**
 * The message about an event; null where nobody is to hear of it. @param chain the workflow that says it
 * @returns always the same for the same event: its id is how a receiver knows it again
 */
export function messageOf(run: string, chain: string, event: RunEvent): WebhookMessage | null {
  const type = typeOf(event);
  if (type === null) return null;
  const { kind, sequence, at } = event;
  const data = { id: idOf(run, chain, sequence), run, chain, sequence, kind, text: describeEvent(event) };
  return { type, timestamp: new Date(at).toISOString(), data: { ...data, ...NOTHING, ...detailsOf(event) } };
}

function typeOf(event: RunEvent): Type | null {
  switch (event.kind) {
    case 'watch-alert':
      // What it warns of follows within seconds.
      return event.alert.kind === 'warned' ? null : 'run.alert';
    case 'alert':
    case 'watch-blind':
    case 'limit-passed':
    case 'checkpoint-quarantined':
      return 'run.alert';
    case 'budget-alert':
      return 'run.budget';
    case 'held':
      return 'run.waits';
    case 'run-ended':
      return 'run.ended';
    case 'attempt-ended':
      return 'attempt.ended';
    default:
      return null;
  }
}

/** Neither dots, which separate what is signed, nor anything else that a header would not carry. */
const idOf = (run: string, chain: string, sequence: number) =>
  `${run}_${chain}_${sequence}`.replace(/[^A-Za-z0-9_-]/g, '-');

const NOTHING = { phase: null, job: null, ending: null, outcome: null, nextCommand: null, budget: null };

function detailsOf(event: RunEvent): Partial<Data> {
  if ('jobName' in event) {
    const { jobName: job } = event;
    return event.kind === 'attempt-ended' ? { job, phase: event.phase, ending: event.ending } : { job };
  }
  if (event.kind === 'held') return { phase: event.phase || null, nextCommand: event.nextCommand };
  if (event.kind === 'alert') return { phase: event.phase || null };
  if (event.kind === 'run-ended') return { outcome: event.outcome };
  if (event.kind !== 'budget-alert') return {};
  const { share, spent, budget: total, currency, reachedAt, earliestAt } = event;
  return { budget: { share, spent, total, currency, reachedAt: utc(reachedAt), earliestAt: utc(earliestAt) } };
}

const utc = (at: number | null) => (at === null ? null : new Date(at).toISOString());
