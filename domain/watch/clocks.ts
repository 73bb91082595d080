import { standingOf } from '../deadline/standing.js';
import { type LimitName, type WatchRules, dwellLimit } from './limits.js';
import type { WatchMemory } from './memory.js';
import { paceAfter, secondsRepeated } from './pace.js';
import type { HeartbeatSight, Sighting, TrainerSight } from './sighting.js';
import { type StatusClass, classOf } from './status.js';

/** Seconds between two looks count up to so many polls: what a late look did not see, nobody saw. */
const LONGEST_GAP_POLLS = 3;

/** What a look at a living job changes against the one before it. */
export interface Change {
  /** Observed seconds; 0 where the look before was not answered. */
  readonly seconds: number;
  /** The same, and 0 too where the trainer's files were not read at both looks. */
  readonly trainerSeconds: number;
  readonly class: StatusClass;
  readonly before: StatusClass | null;
  /** Running at both looks. */
  readonly running: boolean;
  readonly heartbeat: HeartbeatSight | null;
  readonly beats: boolean;
  readonly newIncarnation: boolean;
  /** Nobody looked for longer than counts. */
  readonly wasAway: boolean;
  /** The trainer's files were read at this look and at the one before. */
  readonly readTwice: boolean;
}

/** The memory after a look that Azure answered with a living state. */
export function advance(memory: WatchMemory, sighting: Sighting, status: string, rules: WatchRules): WatchMemory {
  const change = changeOf(memory, sighting, status, rules.pollSeconds);
  const { trainer } = sighting;
  const awaiting = awaitingAfter(memory, change);
  const validCheckpoint = trainer.answered ? trainer.validCheckpoint : memory.validCheckpoint;
  const restarts = memory.restarts + (change.newIncarnation ? 1 : 0);
  const passed = clocksAfter(memory, awaiting, change, validCheckpoint !== memory.validCheckpoint);
  const known = { ...memory, awaiting, restarts, validCheckpoint, heartbeat: change.heartbeat };
  const repeated = secondsRepeated(known);
  const held = (rules.affordableSeconds ?? null) === null ? 0 : (memory.meter?.seconds ?? 0);
  const { pace, stillSeconds } = paceAfter(memory, change);
  const clocks = {
    ...passed,
    ...(repeated > 0 ? { behind: repeated } : {}),
    ...(held > 0 ? { budget: held } : {}),
    ...deadlineClock({ ...known, pace }, rules, sighting.at),
  };
  return {
    ...known,
    jobSeenAt: sighting.at,
    trainerSeenAt: trainer.answered ? sighting.at : null,
    status,
    clocks,
    rungs: rungsAfter(memory.rungs, clocks),
    pace,
    stillSeconds,
    absentSince: null,
    throttled: 0,
    warned: change.heartbeat?.warned ?? false,
    stuck: change.heartbeat?.stuck ?? false,
  };
}

/** Not a clock that runs: what dedicated nodes would need, were all that no checkpoint holds lost now. A job that is about to be done is not moved. */
function deadlineClock(
  { heartbeat, validCheckpoint, pace }: WatchMemory,
  { deadline }: WatchRules,
  at: number,
): Clocks {
  if (!deadline || (heartbeat !== null && isPastTraining(heartbeat))) return {};
  const saved = validCheckpoint === null ? null : Number(validCheckpoint.split('/').at(-1));
  return { deadline: standingOf(deadline, saved, pace, at).needed };
}

function changeOf(memory: WatchMemory, { at, trainer }: Sighting, status: string, pollSeconds: number): Change {
  const longest = LONGEST_GAP_POLLS * pollSeconds;
  const gap = memory.jobSeenAt === null ? Infinity : Math.max(0, (at - memory.jobSeenAt) / 1000);
  const seconds = memory.jobSeenAt === null ? 0 : Math.min(gap, longest);
  const readTwice = trainer.answered && memory.trainerSeenAt !== null;
  const before = memory.status === null ? null : classOf(memory.status);
  const heartbeat = heartbeatAfter(memory.heartbeat, trainer);
  const known = memory.heartbeat;
  return {
    seconds,
    trainerSeconds: readTwice ? seconds : 0,
    readTwice,
    class: classOf(status),
    before,
    running: classOf(status) === 'running' && before === 'running',
    heartbeat,
    beats: heartbeat?.incarnation !== known?.incarnation || heartbeat?.sequence !== known?.sequence,
    newIncarnation: known !== null && heartbeat !== null && heartbeat.incarnation !== known.incarnation,
    wasAway: gap > longest,
  };
}

/** A heartbeat that was there stays known when its file cannot be found for a look. */
function heartbeatAfter(known: HeartbeatSight | null, trainer: TrainerSight): HeartbeatSight | null {
  return trainer.answered ? (trainer.heartbeat ?? known) : known;
}

const AT_WORK: ReadonlySet<StatusClass> = new Set(['running', 'finalizing', 'notResponding']);

function awaitingAfter(memory: WatchMemory, change: Change): WatchMemory['awaiting'] {
  const { before, heartbeat, beats, newIncarnation, running, wasAway } = change;
  const wentBack =
    before !== null && AT_WORK.has(before) && (change.class === 'waiting' || change.class === 'preparing');
  if (wentBack) return 'requeued';
  // While nobody looked the job may have been restarted in place: its next start takes as long as a first one.
  if (memory.awaiting === null) return wasAway && before !== null && AT_WORK.has(before) ? 'blindness' : null;
  // What comes to light after a time without a look may be the last word of the start before, however new it is to us.
  if (!change.readTwice || wasAway) return memory.awaiting;
  const begins = newIncarnation || (memory.heartbeat === null && heartbeat !== null);
  // The same of a heartbeat that is uploaded late; only one between two looks at a running job is a living one.
  const lives = beats && (memory.awaiting === 'blindness' || running);
  return begins || lives ? null : memory.awaiting;
}

type Clocks = WatchMemory['clocks'];

function clocksAfter(
  memory: WatchMemory,
  awaiting: WatchMemory['awaiting'],
  change: Change,
  newCheckpoint: boolean,
): Clocks {
  const { clocks } = memory;
  const { running, beats, trainerSeconds } = change;
  const heard = awaiting === null && running;
  // In a time without a look the trainer may have begun, and been heard by a look that was lost with its try.
  const starts = awaiting !== null && running && !change.wasAway;
  const on = (limit: LimitName, counts: boolean) => (clocks[limit] ?? 0) + (counts ? trainerSeconds : 0);
  const now: Record<string, number> = {
    start: awaiting === null || awaiting !== memory.awaiting ? 0 : on('start', starts),
    silent: awaiting !== null || beats ? 0 : on('silent', heard),
    stalled: standsStill(memory.heartbeat, change) ? on('stalled', heard) : 0,
    checkpoint: newCheckpoint ? 0 : on('checkpoint', heard && !isPastTraining(change.heartbeat)),
  };
  const dwell = dwellLimit[change.class];
  if (dwell !== undefined) now[dwell] = dwellAfter(clocks[dwell] ?? 0, change);
  return Object.fromEntries(Object.entries(now).filter(([, seconds]) => seconds > 0));
}

/** A job that Azure calls NotResponding while its heartbeat goes on is well. */
function dwellAfter(clock: number, { class: now, before, beats, seconds }: Change): number {
  const livesAnyway = now === 'notResponding' && beats;
  return now === before && !livesAnyway ? clock + seconds : 0;
}

function standsStill(known: HeartbeatSight | null, { heartbeat }: Change): boolean {
  return (
    heartbeat?.state === 'training' &&
    known?.state === 'training' &&
    heartbeat.incarnation === known.incarnation &&
    heartbeat.step === known.step
  );
}

const isPastTraining = (heartbeat: HeartbeatSight | null) =>
  heartbeat?.state === 'evaluating' || heartbeat?.state === 'done';

function rungsAfter(rungs: WatchMemory['rungs'], clocks: Clocks): WatchMemory['rungs'] {
  return Object.fromEntries(Object.entries(rungs).filter(([limit]) => clocks[limit as LimitName] !== undefined));
}
