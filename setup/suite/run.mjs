import { availableParallelism } from 'node:os';
import { Halt } from '../halt.mjs';
import { findAreas, choose } from './areas.mjs';
import { runArea } from './area.mjs';
import { summary } from './summary.mjs';

/** Much of an area is waiting for processes that it started; more than a few at once would wait for memory. */
const MOST_LANES = 3;

/**
 * Runs the test areas, as many at once as there are cores, and prints the tally; its last line is `N passed, N failed, N skipped`.
 * @param {string[]} names areas to run; none means all
 * @param {string[]} remarks lines to print before the tally
 * @returns {Promise<number>} exit code: 1 after any failure, and when nothing ran
 */
export async function run(names, remarks = []) {
  try {
    const areas = choose(findAreas(), names);
    const results = await inLanes(areas, Math.min(areas.length, availableParallelism(), MOST_LANES));
    const { lines, code } = summary(results, remarks);
    for (const line of lines) console.log(line);
    return code;
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** Each lane takes the next area as soon as it is free. @returns results in the order of the areas */
async function inLanes(areas, lanes) {
  const results = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < areas.length; index = next++) {
      if (lanes > 1) console.log(`${areas[index].name}: begins`);
      results[index] = await runArea(areas[index], lanes === 1);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
