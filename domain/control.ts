import type { RunConfig } from './config.js';
import { secondsOf } from './interval/of-run.js';
import { type Lease, spendUntil } from './money/spend-until.js';
import type { ControlAck } from './trainer.js';

/**
 * What a trainer is told while it runs: control.json beside its heartbeat, docs/payload-contract.md. A mount may show old bytes for a while,
 * so the whole wanted state is written every time, with a sequence number, and repeated until it is acknowledged.
 */
export interface Control {
  readonly sequence: number;
  /** Epoch milliseconds of the last change. */
  readonly at: number;
  /** Counts requests for a checkpoint at the next step, within one incarnation. */
  readonly checkpointNow: number;
  /** Interval; 0 for off, null for what the trainer's config says. */
  readonly checkpointSeconds: number | null;
  readonly checkpointSteps: number | null;
  readonly stop: 'after-checkpoint' | null;
  /** How long the trainer may go on with nobody who renews it; null for ever. */
  readonly lease: Lease | null;
}

/** What a trainer was told by another supervisor: numbers that the next message must be above. */
export interface Told {
  readonly sequence: number;
  readonly checkpointNow: number;
}

/**
 * Messages that a watch may send between two changes of the wanted state: a new interval, which it chooses by itself (`interval/of-run.ts`). They
 * are numbered between the numbers of the wanted states, so that none of them is ever taken for a later one, and none costs the workflow an event.
 */
const REVISIONS = 10_000;

/** What is told to a trainer that another supervisor started: everything anew, or what that one said last would stay in force. */
export function controlAfter({ sequence, checkpointNow }: Told, at: number): Control {
  return { ...newControl(at), sequence: Math.max(1, Math.floor(sequence / REVISIONS)) + 1, checkpointNow };
}

export type ControlChange = Partial<Omit<Control, 'sequence' | 'at' | 'checkpointNow'>> & {
  /** One more checkpoint, please. */
  readonly checkpoint?: true;
};

/** What an attempt begins with; every incarnation has a file of its own (`carriedOver`). @param at epoch milliseconds */
export const newControl = (at: number): Control => ({
  sequence: 1,
  at,
  checkpointNow: 0,
  checkpointSeconds: null,
  checkpointSteps: null,
  stop: null,
  lease: null,
});

/** The wanted state after a change; the very same object where the change changes nothing. */
export function changeControl(control: Control, change: ControlChange, at: number): Control {
  const { checkpoint, ...values } = change;
  const next = { ...control, ...values, checkpointNow: control.checkpointNow + (checkpoint === true ? 1 : 0) };
  const keys = Object.keys(next) as (keyof Control)[];
  if (keys.every((key) => next[key] === control[key])) return control;
  return { ...next, sequence: control.sequence + 1, at };
}

/** The wanted state for a new incarnation, whose folder has no file yet and whose count of requests begins anew; as it is where nothing is wanted. */
export function carriedOver(control: Control, at: number): Control {
  return saysNothing(control) ? control : { ...control, checkpointNow: 0, sequence: control.sequence + 1, at };
}

interface Interval {
  readonly seconds: number | null;
  readonly steps: number | null;
}

/**
 * The trainer has the config's interval from its parameters; it is told one only where an operator set one, or took it back.
 * @param interval an operator's, or null for the config's
 * @param chosenSeconds what the attempt began with where the config leaves that to be chosen
 */
export function intervalToTell(
  control: Control,
  config: RunConfig,
  interval: Interval | null,
  chosenSeconds: number | null = null,
): ControlChange {
  const neverTold = control.checkpointSeconds === null && control.checkpointSteps === null;
  return interval === null && neverTold ? {} : intervalControl(config, interval, chosenSeconds);
}

/** Both intervals, said outright: what is left out would stay as the trainer was told before. @param interval an operator's, or null for the config's */
export function intervalControl(
  config: RunConfig,
  interval: Interval | null,
  chosenSeconds: number | null = null,
): Required<Pick<ControlChange, 'checkpointSeconds' | 'checkpointSteps'>> {
  const ofConfig = { seconds: secondsOf(config, chosenSeconds), steps: config.checkpoints.everySteps ?? null };
  const wanted = interval ?? ofConfig;
  return { checkpointSeconds: wanted.seconds ?? 0, checkpointSteps: wanted.steps ?? 0 };
}

/**
 * Content of control.json.
 * @param heldSeconds so long the job is known to have held its nodes
 * @param now epoch milliseconds: the lease counts from when it is told, for a job may have waited for nodes before
 * @param newer of an interval that the watch chose: seconds, and what the trainer has taken in so far; null where it chooses none
 */
export function controlFile(
  control: Control,
  heldSeconds: number,
  now: number,
  newer: { readonly checkpointSeconds: number; readonly ack: ControlAck | null } | null = null,
): Record<string, unknown> {
  const { at, checkpointNow, checkpointSteps, stop, lease } = control;
  const checkpointSeconds = newer?.checkpointSeconds ?? control.checkpointSeconds;
  return {
    format: 'bertha-control/1',
    sequence: sequenceOf(control, newer?.ack ?? null),
    at: new Date(at).toISOString(),
    checkpointNow,
    checkpointSeconds,
    checkpointSteps,
    stop,
    spendUntil: lease === null ? null : new Date(spendUntil(lease, heldSeconds, now)).toISOString(),
  };
}

/** Number of the message: the state's own, or the next one behind it where the trainer has taken in that. */
function sequenceOf(control: Control, ack: ControlAck | null): number {
  const own = control.sequence * REVISIONS;
  return isAcknowledged(control, ack) ? Math.min((ack?.sequence ?? own) + 1, own + REVISIONS - 1) : own;
}

/** True while nothing was ever said: the trainer goes by its parameters, and no file is written. */
export const saysNothing = (control: Control): boolean => control.sequence <= 1;

/** True where the trainer has taken in this state or a later one: else it is written again. */
export function isAcknowledged(control: Control, ack: ControlAck | null | undefined): boolean {
  return (ack?.sequence ?? 0) >= control.sequence * REVISIONS;
}

/** True where the newest checkpoint that was asked for is written. */
export function isCheckpointTaken(control: Control, ack: ControlAck | null | undefined): boolean {
  return (ack?.checkpointNow ?? 0) >= control.checkpointNow;
}

/** The same once more, so that a lease begins anew. */
export const renewed = (control: Control, at: number): Control =>
  control.lease === null ? control : { ...control, sequence: control.sequence + 1, at };
