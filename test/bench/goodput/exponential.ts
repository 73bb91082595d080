import { seeded } from '../../house/random.js';
import type { Series, UpTime } from './series.js';

export const EXPONENTIAL = 'exponential';

const HOUR = 3600;
/** Enough for a mean within 3 %. */
const INTERRUPTIONS = 1_200;
/** 1 h is the shortest that the bar of rho_model asks for; 4.9 h is 4 nodes at 5 % evictions an hour (facts of peers, input guide). */
const MEAN_HOURS = [1, 4.9, 24];

/**
 * Interruptions at a constant rate, for the closed form. Capacity is there again at once: every second from the loss of the nodes to the
 * next submission is then the policy's own, and stands in its score.
 */
export function exponentialSeries(): Series[] {
  return MEAN_HOURS.map((hours, index) => ofMean(hours, index + 1));
}

function ofMean(hours: number, seed: number): Series {
  const random = seeded(seed * 7919);
  const upTimes: UpTime[] = [];
  let at = 0;
  for (let count = 0; count < INTERRUPTIONS; count += 1) {
    const until = at - Math.log(1 - random()) * hours * HOUR;
    upTimes.push({ from: at, until, interrupted: count < INTERRUPTIONS - 1 });
    at = until;
  }
  return { source: EXPONENTIAL, name: `mean ${hours} h`, nodes: 1, upTimes, length: at };
}
