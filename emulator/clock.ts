/** Time as the emulator sees it: real on the wire, shortened in its own waits. */
export interface Clock {
  /** The real time; every timestamp and token life on the wire comes from here. */
  now(): Date;
  /** Calls `act` after `seconds` of emulated waiting (divided by the speed). Returns a function that calls it off. */
  after(seconds: number, act: () => void): () => void;
  /** Real milliseconds that an emulated wait of `seconds` takes. */
  milliseconds(seconds: number): number;
  /** Calls everything off; nothing fires any more. */
  stop(): void;
}

/** Emulated seconds that have passed since a time of the wire; never negative. */
export function secondsSince(clock: Clock, time: string): number {
  return Math.max(0, (clock.now().getTime() - Date.parse(time)) / clock.milliseconds(1));
}

/** The longest wait that a timer of Node.js knows; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Makes a clock whose waits pass `speed` times as fast as real time.
 *
 * @param speed at least 1 for tests and rehearsals; 1 is real time
 */
export function createClock(speed: number): Clock {
  const pending = new Set<{ timer?: NodeJS.Timeout }>();
  let stopped = false;
  const milliseconds = (seconds: number): number => Math.max(0, (seconds * 1000) / speed);
  const wait = (entry: { timer?: NodeJS.Timeout }, left: number, act: () => void): void => {
    const step = Math.min(left, LONGEST_TIMER_MS);
    entry.timer = setTimeout(() => {
      if (left > step) return wait(entry, left - step, act);
      pending.delete(entry);
      act();
    }, step);
  };
  return {
    now: () => new Date(),
    milliseconds,
    after(seconds, act) {
      if (stopped) return () => undefined;
      const entry: { timer?: NodeJS.Timeout } = {};
      pending.add(entry);
      wait(entry, milliseconds(seconds), act);
      return () => {
        clearTimeout(entry.timer);
        pending.delete(entry);
      };
    },
    stop() {
      stopped = true;
      for (const { timer } of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}
