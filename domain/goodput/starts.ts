import type { Heartbeat, MetricsLine } from '../trainer.js';

/** What one start of the trainer within an attempt tells of its time: epoch milliseconds by its node's clock, null where it does not tell. */
export interface AttemptStart {
  readonly incarnation: string;
  /** Its first word. */
  readonly startedAt: number | null;
  /** Of the time before its first step, what it took to read and verify what it went on from. */
  readonly restoreSeconds: number | null;
  readonly firstStep: number | null;
  readonly lastStep: number | null;
  /** Begin of its first step. */
  readonly trainingFrom: number | null;
  /** End of the last step seen. */
  readonly trainedUntil: number | null;
  /** Of the time between those two, what checkpoints kept it standing still. */
  readonly stallSeconds: number | null;
  /** The same of a checkpoint behind the last step. */
  readonly lastStallSeconds: number | null;
}

/** So many starts of an attempt are recorded, the newest; the time of older ones is `unexplained`. */
export const STARTS_KEPT = 50;

/** @param lines its metrics in step order */
export function startOf(incarnation: string, lines: readonly MetricsLine[], heartbeat: Heartbeat | null): AttemptStart {
  const first = lines[0];
  const last = lines.at(-1);
  const beat = lastBeat(heartbeat);
  // The heartbeat may know later steps than the last closed file of metrics; both count as seen.
  const isAhead = last !== undefined && beat.step !== null && beat.at !== null && beat.step > last.step;
  const told = lines.flatMap(({ stall }) => (typeof stall === 'number' ? [Math.max(0, stall)] : []));
  const tellsStalls = told.length > 0 || beat.stall !== null;
  const inside = told.reduce((sum, seconds) => sum + seconds, 0);
  return {
    incarnation,
    startedAt: timeOf(heartbeat?.startedAt) ?? timeOfName(incarnation),
    restoreSeconds: heartbeat?.restoreSeconds ?? null,
    firstStep: first?.step ?? null,
    lastStep: isAhead ? beat.step : (last?.step ?? null),
    trainingFrom: first === undefined ? null : Date.parse(first.at) - Math.round(first.seconds * 1000),
    trainedUntil: isAhead ? beat.at : last === undefined ? null : Date.parse(last.at),
    stallSeconds: tellsStalls ? round(inside) : null,
    lastStallSeconds: beat.stall === null ? null : round(Math.max(0, beat.stall - inside)),
  };
}

function lastBeat(heartbeat: Heartbeat | null) {
  return {
    step: heartbeat?.step ?? null,
    at: timeOf(heartbeat?.at),
    stall: heartbeat?.checkpointStall?.seconds ?? null,
  };
}

/** Names of incarnations begin with the time of the start (docs/payload-contract.md). */
function timeOfName(incarnation: string): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-/.exec(incarnation);
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, ms = 0] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hours, minutes, seconds, ms);
}

function timeOf(text: string | null | undefined): number | null {
  const at = text === null || text === undefined ? NaN : Date.parse(text);
  return Number.isFinite(at) ? at : null;
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
