/**
 * What is printed when all areas have run.
 * @param {{ name: string, runner: string, seconds: number, computed: number | null, passed: number, failed: string[], skipped: { title: string, reason: string }[] }[]} results
 * @param {string[]} remarks lines to add
 * @returns {{ lines: string[], code: number }} the last line is the tally; code 1 after any failure and when nothing passed or failed
 */
export function summary(results, remarks = []) {
  const sum = (count) => results.reduce((total, result) => total + count(result), 0);
  const passed = sum((result) => result.passed);
  const failed = sum((result) => result.failed.length);
  const skipped = sum((result) => result.skipped.length);
  const nothingRan = passed + failed === 0;
  const lines = [
    '',
    ...results.map(
      (result) =>
        `${result.name.padEnd(14)} ${result.runner.padEnd(6)} ${result.seconds.toFixed(1).padStart(7)} s${computed(result)}  ${tally(result.passed, result.failed.length, result.skipped.length)}`,
    ),
    ...results.flatMap((result) => result.skipped.map(({ title, reason }) => `skipped: ${title}: ${reason}`)),
    ...results.flatMap((result) => result.failed.map((title) => `failed: ${title}`)),
    ...remarks,
    ...(nothingRan ? ['No test ran.'] : []),
    tally(passed, failed, skipped),
  ];
  return { lines, code: failed > 0 || nothingRan ? 1 : 0 };
}

/** An area that computes less than it lasts waits for the rest of the time. */
const computed = (result) => (result.computed === null ? '' : `, computed ${result.computed.toFixed(1).padStart(6)} s`);

const tally = (passed, failed, skipped) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
