import { type ControlChange, carriedOver, changeControl, intervalControl, saysNothing } from '../domain/control.js';
import type { OpenAttempt, Run } from './state.js';

/** Changes what the trainer of the open job is told; the watch writes it until it is acknowledged. */
export function tell(open: OpenAttempt, change: ControlChange): void {
  open.control = changeControl(open.control, change, Date.now());
}

/** The trainer has the config's interval from its parameters; it is told one only where an operator set one, or took it back. */
export function tellInterval(run: Run, open: OpenAttempt): void {
  const { interval } = run.state.operator;
  const { checkpointSeconds, checkpointSteps } = open.control;
  const neverTold = checkpointSeconds === null && checkpointSteps === null;
  if (interval !== null || !neverTold) tell(open, intervalControl(run.config, interval));
}

/** A trainer that was started again in place has heard nothing yet. */
export function tellAnew(open: OpenAttempt): void {
  if (!saysNothing(open.control)) open.control = carriedOver(open.control, Date.now());
}
