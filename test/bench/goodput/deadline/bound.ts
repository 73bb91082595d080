import type { World } from '../policy.js';
import type { Job } from './play.js';

/**
 * What the deadline costs at least, in seconds of dedicated nodes: one who knows all up-times trains in each of them as the oracle does, and buys
 * the rest. That the rest must fit between them, and needs starts of its own, is left out: nobody can do better.
 * @param spotPrice by the price of dedicated nodes
 */
export function leastCost({ series, begin, work, deadline }: Job, world: World, spotPrice: number): number {
  const overhead = world.startSeconds + world.stallSeconds;
  const ups = series.upTimes.flatMap(({ from, until }) => {
    const seconds = Math.min(until, begin + deadline) - Math.max(from, begin);
    return seconds > overhead ? [seconds - overhead] : [];
  });
  let [left, cost] = [work, 0];
  // The longest first: they have the least overhead.
  for (const useful of ups.sort((a, b) => b - a)) {
    const taken = Math.min(left, useful);
    if (taken <= 0 || spotPrice * (taken + overhead) >= taken) break;
    left -= taken;
    cost += spotPrice * (taken + overhead);
  }
  return cost + left;
}
