import { dwellLimit } from './limits.js';
import type { WatchMemory } from './memory.js';
import type { HeartbeatSight } from './sighting.js';
import { classOf } from './status.js';

/** After a warning, or the trainer's last beat, the job is gone within seconds; looked at so often, we notice within the same. */
const ABOUT_TO_END_SECONDS = 2;
/** Azure closes such a job in seconds; one that takes longer is stuck in it, and asked for no more often than any other. */
const CLOSING_SECONDS = 60;
/** While something begins or ends, waiting for the next look is the larger part of the delay. */
const IN_TRANSITION_SECONDS = 10;
const SLOWEST_SECONDS = 600;

/**
 * Seconds until the next look: soon after a warning, often while the job begins or ends, as configured while it trains or waits,
 * and ever more slowly while Azure says that we ask too often.
 */
export function nextPollSeconds(memory: WatchMemory, pollSeconds: number): number {
  if (memory.throttled > 0) return Math.min(SLOWEST_SECONDS, pollSeconds * 2 ** Math.min(memory.throttled, 10));
  if (isAboutToEnd(memory)) return Math.min(pollSeconds, ABOUT_TO_END_SECONDS);
  return isInTransition(memory) ? Math.min(pollSeconds, IN_TRANSITION_SECONDS) : pollSeconds;
}

function isAboutToEnd({ warned, stuck, heartbeat, status, clocks }: WatchMemory): boolean {
  const says = warned || stuck || heartbeat?.gone === true;
  if (!says || status === null) return false;
  const now = classOf(status);
  const isClosing = now === 'finalizing' || now === 'notResponding';
  return now === 'running' || (isClosing && (clocks[now] ?? 0) < CLOSING_SECONDS);
}

/** A preemption notice stands in the heartbeat for some seconds only, so the heartbeat alone is read this often: one Blob read, nothing of Azure ML. */
const GLANCE_SECONDS = 3;

/** What very many jobs leave to each one: looks and glances no closer together than this, seconds. */
export interface Share {
  readonly lookSeconds: number;
  readonly glanceSeconds: number;
}

const ALONE: Share = { lookSeconds: 0, glanceSeconds: 0 };

/**
 * Seconds until the heartbeat alone is to be read again, where the next look is not due yet; null where it is, or where there is no trainer
 * that could give notice.
 * @param at our clock, epoch milliseconds
 */
export function nextGlanceSeconds(
  memory: WatchMemory,
  at: number,
  pollSeconds: number,
  { lookSeconds, glanceSeconds }: Share = ALONE,
): number | null {
  const { status, awaiting, heartbeat, jobSeenAt, trainerSeenAt } = memory;
  const trains = status === 'Running' && awaiting === null && heartbeat !== null;
  if (!trains || jobSeenAt === null || trainerSeenAt === null) return null;
  const left = Math.max(nextPollSeconds(memory, pollSeconds), lookSeconds) - (at - jobSeenAt) / 1000;
  return left < 1 ? null : Math.min(Math.max(GLANCE_SECONDS, glanceSeconds), left);
}

/** The wait of a job against that of one which only trains: 1, or less where something begins or ends. */
export const hasteOf = (memory: WatchMemory, pollSeconds: number): number =>
  Math.min(1, nextPollSeconds(memory, pollSeconds) / pollSeconds);

/** Whether a heartbeat says that the job is about to end, which the look before did not hear. */
export const isNotice = (heard: HeartbeatSight | null, now: HeartbeatSight): boolean =>
  (now.warned && heard?.warned !== true) || (now.gone && heard?.gone !== true) || (now.stuck && heard?.stuck !== true);

function isInTransition({ status, awaiting, heartbeat }: WatchMemory): boolean {
  if (status === null) return true;
  const now = classOf(status);
  if (now === 'running') return awaiting !== null || heartbeat?.state === 'evaluating' || heartbeat?.state === 'done';
  return dwellLimit[now] !== undefined && now !== 'waiting' && now !== 'notResponding';
}
