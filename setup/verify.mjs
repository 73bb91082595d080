import { afterSetup } from './gate.mjs';

// `npm run verify`: format, lint, types, import rules, then all tests.
afterSetup(function () {
  return import('./checks.mjs').then(function (checks) {
    return checks.verify();
  });
});
