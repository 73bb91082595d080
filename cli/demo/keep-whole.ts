import type { Stack } from '../../stack/stack.js';
import { Failure } from '../failure.js';
import { endedParts } from '../local-stack.js';
import type { View } from '../view/view.js';

/** A worker that ends is replaced, as whoever runs one in production would do; one that ends again and again is broken. */
const WORKERS_REPLACED = 3;

/**
 * Looks after the parts of a stack while a run goes on.
 * @param isDisturbed whether parts are down on purpose: a worker cannot be replaced then
 * @throws Failure where one has ended that cannot be replaced
 */
export function keepWhole(stack: Stack, view: View, isDisturbed = () => false): () => Promise<void> {
  let replaced = 0;
  return async () => {
    if (isDisturbed()) return;
    for (const { name, log } of endedParts(stack)) {
      const replaceable = name === 'worker' && replaced < WORKERS_REPLACED;
      if (!replaceable) throw new Failure('failed', `${name} ended by itself, so the demo stops; its log: ${log}`);
      replaced += 1;
      view.note('the worker ended by itself; starting another, which takes up where it stopped');
      await stack.startWorker();
    }
  };
}
