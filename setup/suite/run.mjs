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

/**
 * Areas that are known to take long, so that no lane is left with one of them in the end when the others have nothing more to do. What is
 * missing here, or here in vain, costs seconds and no result.
 */
const LONG_ONES = ['workflows', 'payload', 'emulator', 'e2e', 'simulation', 'activities', 'bugs'];

/** Each lane takes the next area as soon as it is free, long ones first. @returns results in the order of the areas */
async function inLanes(areas, lanes) {
  const results = [];
  const place = ({ name }) => (LONG_ONES.includes(name) ? LONG_ONES.indexOf(name) : LONG_ONES.length);
  const waiting = [...areas.keys()].sort((one, other) => place(areas[one]) - place(areas[other]) || one - other);
  const lane = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      if (lanes > 1) console.log(`${areas[index].name}: begins`);
      results[index] = await runArea(areas[index], lanes === 1);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
