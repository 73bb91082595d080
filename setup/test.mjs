import { afterSetup } from './gate.mjs';

// `npm test [-- AREA ...]`: sets up, then runs the suites of test/ in turn, or those of the areas named.
afterSetup(function () {
  return import('./suite/run.mjs').then(function (suite) {
    return suite.run(process.argv.slice(2));
  });
});
