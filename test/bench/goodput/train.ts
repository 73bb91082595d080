import type { Supervisor, World } from './policy.js';

/** Looks at a job while it trains. */
const LOOK_SECONDS = 30;

export interface Training {
  /** Training seconds that checkpoints kept. */
  readonly kept: number;
  /** Whole checkpoints. */
  readonly checkpoints: number;
}

/**
 * What is kept of one up-time.
 * @param upSeconds from nodes ready to their loss, or to the planned end where `interrupted` is false: there the last step is saved
 */
export function train(supervisor: Supervisor, world: World, upSeconds: number, interrupted: boolean): Training {
  const { stallSeconds, startSeconds, noticeSeconds } = world;
  const isTold = interrupted && supervisor.heedsNotice && noticeSeconds >= stallSeconds && noticeSeconds > 0;
  // A save that begins with the notice, or that ends with the run, is whole; until then the schedule holds.
  const spare = isTold ? noticeSeconds : interrupted ? 0 : stallSeconds;
  const seconds = upSeconds - startSeconds - spare;
  if (seconds <= 0) return { kept: 0, checkpoints: 0 };
  const { cycles, trained, rest } = supervisor.adapts
    ? adapting(supervisor, startSeconds, seconds, stallSeconds)
    : steady(supervisor.interval(startSeconds), seconds, stallSeconds);
  const savesTheRest = isTold || !interrupted;
  return { kept: trained + (savesTheRest ? rest : 0), checkpoints: cycles + (savesTheRest ? 1 : 0) };
}

interface Cycles {
  /** Training and stall, both whole. */
  readonly cycles: number;
  /** Training seconds in them. */
  readonly trained: number;
  /** Training seconds after the last of them. */
  readonly rest: number;
}

/** Seconds that a computer cannot count exactly must not cost a checkpoint. */
const TINY = 1e-6;

function steady(interval: number, seconds: number, stall: number): Cycles {
  if (interval === Infinity) return { cycles: 0, trained: 0, rest: seconds };
  const cycles = Math.floor((seconds + TINY) / (interval + stall));
  const rest = Math.max(0, seconds - cycles * (interval + stall));
  return { cycles, trained: cycles * interval, rest: Math.min(rest, interval) };
}

/**
 * The trainer goes by the interval that it was told last. The supervisor sees a new checkpoint at its next look, and tells it what the next cycle
 * should be.
 */
function adapting(supervisor: Supervisor, start: number, seconds: number, stall: number): Cycles {
  let cycles = 0;
  let trained = 0;
  let begin = 0;
  let interval = supervisor.interval(start);
  for (;;) {
    const look = nextLook(start + begin) - start;
    const isTold = begin + interval > look;
    if (isTold) interval = supervisor.interval(start + begin);
    const due = isTold ? Math.max(look, begin + interval) : begin + interval;
    if (due + stall > seconds + TINY) return { cycles, trained, rest: Math.min(seconds, due) - begin };
    cycles += 1;
    trained += due - begin;
    begin = due + stall;
  }
}

const nextLook = (age: number): number => Math.ceil(age / LOOK_SECONDS) * LOOK_SECONDS;
