import type { Context, Suite } from 'mocha';

/**
 * Skips, unless `condition` holds, all tests of the `describe` in whose body it is called, or only the running test
 * when that test's `this` is handed over. The reason is listed at the end of `npm test`.
 *
 * @throws when called outside a `describe`: that would skip the tests of every other file too.
 */
export function skipUnless(condition: boolean, reason: string, context?: Context): void {
  if (condition) return;
  if (context !== undefined) return skip(context, context.test, reason);
  before(function () {
    skip(this, enclosing(this), reason);
  });
}

/** The reporter reads `skipReason` from the test or from a suite around it. */
function skip(context: Context, target: object | undefined, reason: string): never {
  if (target !== undefined) Object.assign(target, { skipReason: reason });
  return context.skip();
}

function enclosing(context: Context): Suite {
  const suite = context.test?.parent;
  if (suite === undefined || suite.root)
    throw new Error('skipUnless() without `this` belongs into the body of a describe().');
  return suite;
}
