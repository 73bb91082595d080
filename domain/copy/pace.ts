/** How hard an account may be asked: one for all requests of a copy, so that a refusal of one holds all of them back. */
export interface Pace {
  /** Requests that may be under way at once. */
  readonly limit: number;
  /** Nothing is sent before, epoch milliseconds. */
  readonly resumeAt: number;
  /** Pauses in a row without an answer that was taken. */
  readonly refusals: number;
  /** Answers since the limit was last changed. */
  readonly calm: number;
}

export interface Refusal {
  readonly now: number;
  /** When the refused request was sent. */
  readonly sentAt: number;
  /** Retry-After; null where the service did not say. */
  readonly retryAfterMs: number | null;
  /** From 0 to 1, so that several workers do not come back at the same moment. */
  readonly chance: number;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Beyond a named wait, a share of it for chance. */
const SCATTER = 0.25;

export const fullPace = (most: number): Pace => ({ limit: most, resumeAt: 0, refusals: 0, calm: 0 });

/**
 * 503 or 429: everything waits, and half as much is asked at once afterwards. The answers to what was under way at the same time say
 * nothing new: they can lengthen the pause to what they name, and count as one refusal with the first.
 */
export function slowed(pace: Pace, refusal: Refusal): Pace {
  const { now, sentAt, retryAfterMs, chance } = refusal;
  const named = retryAfterMs === null ? 0 : now + retryAfterMs * (1 + SCATTER * chance);
  const saysNothingNew = pace.refusals > 0 && sentAt < pace.resumeAt;
  if (saysNothingNew) return { ...pace, resumeAt: Math.max(pace.resumeAt, named), calm: 0 };
  const doubled = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(30, pace.refusals));
  const own = now + doubled * (0.5 + 0.5 * chance);
  return {
    limit: Math.max(1, Math.floor(pace.limit / 2)),
    resumeAt: Math.max(pace.resumeAt, own, named),
    refusals: pace.refusals + 1,
    calm: 0,
  };
}

/** An answer that was taken: after as many as may be under way, one more may. */
export function calmed(pace: Pace, most: number): Pace {
  const calm = pace.calm + 1;
  if (calm < pace.limit) return { ...pace, refusals: 0, calm };
  return { ...pace, refusals: 0, calm: 0, limit: Math.min(most, pace.limit + 1) };
}
