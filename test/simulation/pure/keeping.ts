import { attemptName } from '../../../domain/names.js';
import type { Context, Open } from './state.js';

/** Beside the watch, checkpoints that nobody needs are let go; nothing waits for it, and what fails is done at the next attempt. */
export function letGo({ state, config, worker, calls, listener }: Context, open: Open): void {
  const { phase } = state;
  const inUse = [open.resumedFrom, phase.head].flatMap((one) => (one === null ? [] : [one.path]));
  worker.attempt('retention', () => {
    listener.retaining(phase);
    calls.retain(config, phase.lineage, attemptName(open.attempt), inUse);
    listener.retained(phase);
  });
}
