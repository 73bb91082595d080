import type { Clock } from '../../../emulator/clock.js';

/** A clock that stands still until a test lets it go on; its time of day goes with it, second by second. */
export interface DrivenClock extends Clock {
  /** Lets emulated seconds pass: whatever falls due acts, in order, at its time. */
  pass(seconds: number): void;
}

/** @param began its time of day at the start; a service that is asked by clients who look at real clocks needs the real one */
export function createDrivenClock(began = Date.parse('2026-01-01T00:00:00.000Z')): DrivenClock {
  let elapsed = 0;
  let waits: { due: number; act: () => void }[] = [];
  return {
    now: () => new Date(began + elapsed * 1000),
    milliseconds: (seconds) => seconds * 1000,
    after(seconds, act) {
      const wait = { due: elapsed + seconds, act };
      waits.push(wait);
      return () => void (waits = waits.filter((each) => each !== wait));
    },
    stop: () => void (waits = []),
    pass(seconds) {
      const until = elapsed + seconds;
      for (;;) {
        const next = waits.filter(({ due }) => due <= until).sort((left, right) => left.due - right.due)[0];
        if (next === undefined) break;
        waits = waits.filter((each) => each !== next);
        elapsed = Math.max(elapsed, next.due);
        next.act();
      }
      elapsed = until;
    },
  };
}
