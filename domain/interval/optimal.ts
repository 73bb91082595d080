/**
 * How much to train between two checkpoints so that most training is kept, where interruptions come at a constant rate.
 *
 * One segment of τ seconds of training and C seconds of stall takes (M + R)(e^((τ + C) / M) - 1) seconds on average, for an interruption costs
 * R dead seconds and the segment is begun again. With x = τ / M the share of time that is kept is greatest where (1 - x) e^(x + C / M) = 1:
 *
 *     x* = 1 + W0(-e^-(1 + C / M)),   τ* = x* M,   G* = (1 - x*) M / (M + R)
 *
 * (W0: Lambert's function). R does not move τ*. For C much below M, τ* is near √(2 C M) - 2 C / 3.
 *
 * @param meanSeconds M, mean time between interruptions, above 0
 * @param stallSeconds C, training that one checkpoint costs, 0 or more
 * @returns τ*, seconds of training between the end of a checkpoint and the begin of the next
 */
export function optimalIntervalSeconds(meanSeconds: number, stallSeconds: number): number {
  return optimalShare(stallSeconds / meanSeconds) * meanSeconds;
}

/**
 * The first order of the same, √(2 C M), by which most people set it.
 * Young, CACM 17 (1974) 530; Daly, FGCS 22 (2006) 303.
 */
export function youngDalySeconds(meanSeconds: number, stallSeconds: number): number {
  return Math.sqrt(2 * stallSeconds * meanSeconds);
}

/**
 * G*, the share of wall time that no periodic checkpoints can exceed: what the checkpoints leave times what the recovery leaves.
 * @param deadSeconds R: detect, decide, submit, queue, boot and restore, together
 */
export function goodputBound(meanSeconds: number, stallSeconds: number, deadSeconds: number): number {
  return ((1 - optimalShare(stallSeconds / meanSeconds)) * meanSeconds) / (meanSeconds + deadSeconds);
}

/** Newton doubles its digits every round, so this many are never needed. */
const ROUNDS = 60;

/**
 * x in [0, 1) with ln(1 - x) + x + c = 0. The left side is concave and falls, so Newton's steps from above the root come down to it and never
 * pass it; both starts lie above: 1 - e^-(1 + c), as x < 1, and √(2c), as ln(1 - x) + x < -x²/2.
 */
function optimalShare(c: number): number {
  let x = Math.min(Math.sqrt(2 * c), 1 - Math.exp(-1 - c));
  for (let round = 0; round < ROUNDS && x > 0 && x < 1; round += 1) {
    const step = ((Math.log1p(-x) + x + c) * (1 - x)) / x;
    const next = x + step;
    if (!(next < x) || next <= 0) break;
    x = next;
  }
  return x;
}
