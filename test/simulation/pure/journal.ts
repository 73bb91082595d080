import type { AttemptRecord } from '../../../domain/attempts.js';
import type { RunEventBody } from '../../../domain/events.js';
import type { Context } from './state.js';

/** Says what happened; with the next `flush` it stands in the journal. What was not written by then is lost with Temporal. */
export function note({ state, world }: Context, body: RunEventBody): void {
  const { chain } = state;
  const event = { ...body, sequence: ++state.sequence, at: world.now };
  state.unrecorded.push({ type: 'event', chain, event });
}

export function keep({ state }: Context, record: AttemptRecord): void {
  state.unrecorded.push({ type: 'attempt', chain: state.chain, record });
}

export function flush({ state, worker, calls }: Context): void {
  const entries = state.unrecorded;
  state.unrecorded = [];
  if (entries.length > 0) worker.call('record', () => calls.record(entries));
}
