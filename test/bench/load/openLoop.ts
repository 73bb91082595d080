import { setTimeout as sleep } from 'node:timers/promises';

/** Time, for tests to drive. Milliseconds. */
export interface Pacer {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

// Rounded up: a timer that fires early would send early, and make an answer look faster than it is.
const REAL: Pacer = { now: () => performance.now(), sleep: (milliseconds) => sleep(Math.ceil(milliseconds)) };

/**
 * Sends at a steady rate whatever becomes of what was sent before (an open loop): a server that stalls meets all the requests
 * that were due meanwhile, and their wait counts from the moment when they were due.
 *
 * @param perSecond how many
 * @param seconds for how long
 * @param send is told when it was due and the how-manieth it is, from 0; must not throw
 */
export async function openLoop(
  perSecond: number,
  seconds: number,
  send: (due: number, index: number) => void,
  pacer: Pacer = REAL,
): Promise<void> {
  const start = pacer.now();
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const due = start + (index * 1000) / perSecond;
    const early = due - pacer.now();
    if (early > 0) await pacer.sleep(early);
    send(due, index);
  }
}
