import { Halt } from '../halt.mjs';
import { findAreas, choose } from './areas.mjs';
import { runArea } from './area.mjs';
import { summary } from './summary.mjs';

/**
 * Runs the test areas in turn and prints the tally; its last line is `N passed, N failed, N skipped`.
 * @param {string[]} names areas to run; none means all
 * @param {string[]} remarks lines to print before the tally
 * @returns {Promise<number>} exit code: 1 after any failure, and when nothing ran
 */
export async function run(names, remarks = []) {
  try {
    const results = [];
    for (const area of choose(findAreas(), names)) results.push(await runArea(area));
    const { lines, code } = summary(results, remarks);
    for (const line of lines) console.log(line);
    return code;
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    console.error(error.message);
    return 1;
  }
}
