import assert from 'node:assert/strict';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { RunEvent } from '../../domain/events.js';
import { planQuery } from '../../workflows/messages.js';
import type { FakeAzure } from './fake/index.js';
import type { RunHandle } from './suite.js';
import { eventually } from './waiting.js';

/** Real time passes: two looks are a fifth of a second apart, and a trainer that is asked to leave gets two seconds. */
export const swiftly = {
  watch: { pollSeconds: 0.2, segmentHours: 6, heartbeatSeconds: 10, metricsSeconds: 60 },
  stopping: { checkpointSeconds: 2 },
};

/** Waits until the watch has looked so often. */
export const looked = (azure: FakeAzure, looks = 2): Promise<unknown> =>
  eventually(`look ${looks} of the watch`, () => Promise.resolve(azure.looks >= looks));

/** Waits until the run says that it is at this. */
export const isAt = (run: RunHandle, now: RegExp): Promise<unknown> =>
  eventually(`the plan says ${now}`, async () => now.test((await run.query(planQuery)).now));

/** The sentence that an update was refused with. @throws where it was taken */
export async function refusalOf(asking: Promise<string>): Promise<string> {
  const outcome = await asking.then(
    (effect) => ({ effect }),
    (error: unknown) => ({ error }),
  );
  if ('effect' in outcome) assert.fail(`it was taken: ${outcome.effect}`);
  const { error } = outcome;
  assert.ok(error instanceof WorkflowUpdateFailedError, String(error));
  return error.cause?.message ?? '';
}

/** Events of a kind that stand in the journal. */
export function journaled<Kind extends RunEvent['kind']>(azure: FakeAzure, kind: Kind) {
  return azure.journal.flatMap((entry) =>
    entry.type === 'event' && entry.event.kind === kind ? [entry.event as Extract<RunEvent, { kind: Kind }>] : [],
  );
}
