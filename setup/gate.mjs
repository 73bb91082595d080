// Every command comes through here. Static imports and syntax stay old enough for an old Node to print its sentence.
import { oldNode } from './node.mjs';

/**
 * Sets the clone up when anything is missing or changed, then runs `next` and exits with the number it resolves to.
 * A failure of the set-up is printed as one sentence and exits with 1.
 * @param {() => Promise<number>} next
 */
export function afterSetup(next) {
  var tooOld = oldNode(process.version);
  if (tooOld) {
    console.error(tooOld);
    process.exitCode = 1;
    return;
  }
  import('./ready.mjs')
    .then(function (module) {
      return module.ready();
    })
    .then(function (isReady) {
      return isReady ? next() : 1;
    })
    .then(function (code) {
      process.exitCode = code;
    });
}
