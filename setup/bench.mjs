import { afterSetup } from './gate.mjs';

// `npm run bench -- NAME ...`: runs test/bench/NAME.ts, which measures; without a name, says which there are.
afterSetup(function () {
  return import('./named.mjs').then(function (named) {
    return named.runNamed('bench', process.argv.slice(2));
  });
});
