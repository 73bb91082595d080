import { setTimeout } from 'node:timers/promises';

/** Time and chance of a copy; tests drive their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Ends early, with an AbortError, where the signal aborts. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** From 0 to 1. */
  chance(): number;
}

export const realClock: Clock = {
  now: Date.now,
  wait: async (milliseconds, signal) => {
    await setTimeout(milliseconds, undefined, { signal });
  },
  chance: Math.random,
};
