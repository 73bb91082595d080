// All that the set-up says goes to standard error: standard output belongs to the command that follows.

/** Whether a person watches, so that a package manager may draw its own progress bar. */
export const isWatched = process.stderr.isTTY === true;

/** Prints one line. */
export const note = (line) => process.stderr.write(`${line}\n`);

/**
 * Runs `work` between a line at its start and a line with its seconds at its end.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function timed(name, work) {
  note(`set-up: ${name} ...`);
  const start = performance.now();
  const result = await work();
  note(`set-up: ${name}: done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}
