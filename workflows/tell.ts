import { type ControlChange, carriedOver, changeControl, intervalToTell } from '../domain/control.js';
import type { OpenAttempt } from './run-state.js';
import type { Run } from './state.js';

/** Changes what the trainer of the open job is told; the watch writes it until it is acknowledged. */
export function tell(open: OpenAttempt, change: ControlChange): void {
  open.control = changeControl(open.control, change, Date.now());
}

export function tellInterval({ config, state }: Run, open: OpenAttempt): void {
  tell(open, intervalToTell(open.control, config, state.operator.interval, open.intervalSeconds));
}

/** A trainer that was started again in place has heard nothing yet. */
export function tellAnew(open: OpenAttempt): void {
  open.control = carriedOver(open.control, Date.now());
}
