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

/**
 * Makes a clock whose waits pass `speed` times as fast as real time.
 *
 * @param speed at least 1 for tests and rehearsals; 1 is real time
 */
export function createClock(speed: number): Clock {
  const pending = new Set<NodeJS.Timeout>();
  let stopped = false;
  const milliseconds = (seconds: number): number => Math.max(0, (seconds * 1000) / speed);
  return {
    now: () => new Date(),
    milliseconds,
    after(seconds, act) {
      if (stopped) return () => undefined;
      const timer = setTimeout(() => {
        pending.delete(timer);
        act();
      }, milliseconds(seconds));
      pending.add(timer);
      return () => {
        clearTimeout(timer);
        pending.delete(timer);
      };
    },
    stop() {
      stopped = true;
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}
