import type { RunConfig } from '../config.js';
import type { Heartbeat } from '../trainer.js';
import { type ChosenInterval, type IntervalBounds, chooseInterval, worthTelling } from './choose.js';
import { type Measured, newMeasured } from './measured.js';
import { priorFor } from './prior.js';

/** More often a checkpoint is not even uploaded before the next one; more seldom an operator would think that none comes. */
const BOUNDS: IntervalBounds = { shortestSeconds: 30, longestSeconds: 21_600 };
/** Checkpoints of the running start that count in the mean: as many as of earlier attempts are remembered. */
const COUNTED = 32;

/** What the interval of a running attempt is chosen by, beside what its heartbeat tells. */
export interface AutoInterval {
  readonly nodes: number;
  readonly priority: RunConfig['cluster']['priority'];
  readonly measured: Measured;
  /** What its trainer began with. */
  readonly seconds: number;
}

/** The interval that an attempt begins with; null where the config leaves nothing to choose. */
export function intervalToBegin(config: RunConfig, measured: Measured = newMeasured()): ChosenInterval | null {
  if (config.checkpoints.everySeconds !== 'auto') return null;
  const { nodes, priority } = config.cluster;
  return chooseInterval({ ...measured, upSeconds: 0, prior: priorFor(nodes, priority) }, BOUNDS);
}

/** The config's interval in seconds; where it is `auto`, what was chosen, or would be before anything was measured. Null where it is in steps. */
export function secondsOf(config: RunConfig, chosenSeconds: number | null = null): number | null {
  const { everySeconds } = config.checkpoints;
  if (everySeconds !== 'auto') return everySeconds ?? null;
  return chosenSeconds ?? intervalToBegin(config)?.seconds ?? null;
}

/** The interval in force, as the trainer says; what it began with until it says anything. */
export const inForce = ({ seconds }: AutoInterval, heartbeat: Pick<Heartbeat, 'control'> | null): number =>
  heartbeat?.control?.checkpointSeconds ?? seconds;

/** What a running trainer is to save by: what is in force, until another interval is so much better that it is worth telling. */
export function intervalNow(auto: AutoInterval, heartbeat: Heartbeat): number {
  const now = inForce(auto, heartbeat);
  const upSeconds = upSecondsOf(heartbeat);
  if (upSeconds === null) return now;
  const { measured, nodes, priority } = auto;
  const stalls = [...measured.stalls, ...stallsOf(heartbeat)];
  const { seconds } = chooseInterval({ ...measured, stalls, upSeconds, prior: priorFor(nodes, priority) }, BOUNDS);
  return worthTelling(now, seconds) ? seconds : now;
}

/** Age of its nodes when the cycle that goes on now began: at the newest checkpoint, else at the first step. All by the trainer's clock. */
function upSecondsOf({ startedAt, checkpointAt, firstStepAt }: Heartbeat): number | null {
  const begin = checkpointAt ?? firstStepAt;
  if (begin === null || startedAt === null || startedAt === undefined) return null;
  const seconds = (Date.parse(begin) - Date.parse(startedAt)) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

function stallsOf({ checkpointStall }: Heartbeat): number[] {
  if (checkpointStall === null || checkpointStall === undefined || checkpointStall.checkpoints < 1) return [];
  const { checkpoints, seconds } = checkpointStall;
  return Array.from({ length: Math.min(checkpoints, COUNTED) }, () => seconds / checkpoints);
}
