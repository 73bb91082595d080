const { renameSync, writeFileSync } = require('node:fs');
const Mocha = require('mocha');

/** Mocha's own listing, with the reason beside each skipped test, and the outcome in a file for the test runner. */
class Reporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    const results = { passed: 0, failed: [], skipped: [] };
    runner.on('pass', () => (results.passed += 1));
    runner.on('fail', (test) => results.failed.push(test.fullTitle()));
    runner.on('pending', (test) => results.skipped.push({ title: test.fullTitle(), reason: reasonOf(test) }));
    // Before the listing prints the title.
    runner.on('pending', (test) => (test.title += ` (skipped: ${reasonOf(test)})`));
    super(runner, options);
    runner.once('end', () => write(options.reporterOptions.results, results));
  }
}

/** Left by `skipUnless` on the test or on a suite around it. */
function reasonOf(test) {
  for (let at = test; at; at = at.parent) if (at.skipReason) return at.skipReason;
  return 'no reason given';
}

/** In one act: the runner takes the file's appearance as the end of the tests. */
function write(file, results) {
  writeFileSync(`${file}.new`, JSON.stringify(results));
  renameSync(`${file}.new`, file);
}

module.exports = Reporter;
