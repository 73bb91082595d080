import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { RunEvent } from '../domain/events.js';
import type { LedgerView } from '../domain/goodput/running.js';
import type { RunPlan } from '../domain/plan.js';
import type { RunStatus } from '../domain/status.js';

/** Queries answer at once and change nothing. The status lies in the memo too, readable while no worker runs. */
export const statusQuery = defineQuery<RunStatus>('status');
/** What comes next, and what it hangs on. */
export const planQuery = defineQuery<RunPlan>('plan');
/** The last events, oldest first; the journal in Blob holds all. */
export const eventsQuery = defineQuery<readonly RunEvent[]>('events');
/** Where time and money went so far; the report tells it to the end, from the journal. */
export const ledgerQuery = defineQuery<LedgerView>('ledger');

/** Who asks, as far as the caller says. */
export interface Asker {
  readonly by?: string | null;
}

/**
 * Updates, because the caller must hear at once whether they were taken, and what they do. Each is safe to repeat: the update's id is
 * remembered. @returns what changes, in words
 */
export const pauseUpdate = defineUpdate<string, [Asker]>('pause');
export const resumeUpdate = defineUpdate<string, [Asker]>('resume');
export const cancelUpdate = defineUpdate<string, [Asker & { readonly reason?: string }]>('cancel');
export const recoverNowUpdate = defineUpdate<string, [Asker]>('recoverNow');
export const setCheckpointIntervalUpdate = defineUpdate<
  string,
  [Asker & { readonly seconds?: number | null; readonly steps?: number | null }]
>('setCheckpointInterval');
/** `at` is a time with its zone; null for none. */
export const setDeadlineUpdate = defineUpdate<string, [Asker & { readonly at: string | null }]>('setDeadline');
export const skipWindowUpdate = defineUpdate<
  string,
  [Asker & { readonly phase: string; readonly from: number; readonly to: number }]
>('skipWindow');

export const setBudgetUpdate = defineUpdate<string, [Asker & { readonly amount: number }]>('setBudget');

/** A signal, because a notifier of Azure cannot wait for an answer: the watch looks at once. */
export const wakeUpSignal = defineSignal('wakeUp');
