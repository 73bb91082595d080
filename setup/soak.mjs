import { afterSetup } from './gate.mjs';

// `npm run soak -- NAME ...`: runs test/soak/NAME.ts, the long tests that `npm test` leaves out.
afterSetup(function () {
  return import('./named.mjs').then(function (named) {
    return named.runNamed('soak', process.argv.slice(2));
  });
});
