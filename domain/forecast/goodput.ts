/** Below this an interval cannot work, and the numbers would say nothing. */
export const LEAST_GOODPUT = 0.01;

/**
 * Share of wall time that is kept training, where interruptions come at a constant rate and cost dead time each:
 * tau / ((M + R) (e^((tau + C) / M) - 1)), which `domain/interval/optimal.ts` maximises.
 * @param interval tau, seconds of training between two checkpoints
 * @param mean M, mean time between interruptions, seconds
 * @param stall C, training that one checkpoint costs, seconds
 * @param dead R, dead time of an interruption, seconds
 * @returns at least `LEAST_GOODPUT`
 */
export function goodputAt(interval: number, mean: number, stall: number, dead: number): number {
  return Math.max(LEAST_GOODPUT, interval / ((mean + dead) * Math.expm1((interval + stall) / mean)));
}
