import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Allowance } from '../azure/allowance/allowance.js';
import { AzureError } from '../azure/errors.js';
import { attemptFolder } from '../domain/paths.js';
import type { WatchDetails } from '../domain/status.js';
import { hasteOf, isNotice, nextGlanceSeconds } from '../domain/watch/cadence.js';
import { heartbeatSight } from '../domain/watch/sighting.js';
import { type Deps, report, storeOf } from './deps.js';
import { readHeartbeat } from './trainer.js';
import type { WatchRequest } from './watch.js';

/** Ends a try of the watch that has nothing to tell; the next one comes after so many seconds. */
export const stillRunning = (message: string, seconds: number) =>
  ApplicationFailure.create({
    type: 'JobStillRunning',
    message,
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: seconds * 1000,
  });

/**
 * Between two looks the heartbeat alone is read; where it gives no notice, or cannot be read, the activity ends until the next time.
 * @returns whether it gives a notice, and a look is to follow at once
 */
export async function onlyGlance(
  deps: Deps,
  request: WatchRequest,
  before: WatchDetails | undefined,
): Promise<boolean> {
  const heard = before?.memory.heartbeat;
  // The first try of a segment looks whole: it may have something to tell the trainer.
  if (before === undefined || heard === undefined || heard === null) return false;
  const share = { lookSeconds: before.turnSeconds ?? 0, glanceSeconds: deps.turns.glances.wait(deps.now()) };
  const seconds = nextGlanceSeconds(before.memory, deps.now(), request.rules.pollSeconds, share);
  if (seconds === null) return false;
  deps.turns.glances.next(deps.now());
  const { place, phase, attempt, jobName } = request;
  const folder = `${attemptFolder(place.run, phase, attempt)}/${heard.incarnation}`;
  const now = await readHeartbeat(storeOf(deps, place), folder, cancellationSignal()).catch((error: unknown) => {
    if (error instanceof AzureError) return null;
    throw error;
  });
  if (now !== null && isNotice(heard, heartbeatSight(now))) return true;
  report(before);
  throw stillRunning(`${jobName} gives no notice`, seconds);
}

/** However many others ask: so long after its turn a look is next. */
const LONGEST_PUT_OFF_SECONDS = 300;

/** Where few reads are left they are for submissions, cancels and proofs: the look is put off, which makes it later and never wrong. */
export function letOthersAsk(
  deps: Deps,
  allowance: Allowance,
  request: WatchRequest,
  before: WatchDetails | undefined,
): void {
  const now = deps.now();
  const seenAt = before?.memory.lookedAt;
  if (before === undefined || seenAt === undefined || allowance.sparesLooks(now)) return;
  const isOverdue = (now - seenAt) / 1000 > LONGEST_PUT_OFF_SECONDS + allowance.roundSeconds(now);
  if (isOverdue) return;
  const seconds = allowance.lookTurn(now, hasteOf(before.memory, request.rules.pollSeconds));
  report({ ...before, turnSeconds: (now - seenAt) / 1000 + seconds } satisfies WatchDetails);
  throw stillRunning(`${request.jobName} is looked at a little later: Azure leaves few reads`, seconds);
}
