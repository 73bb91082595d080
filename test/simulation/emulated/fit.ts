import type { Fault, Schedule } from '../schedule.js';

/** Seconds of training at the most; longer ones are compressed, their faults with them. */
const LONGEST_TRAINING = 3_000;
/** Faults that last are cut to this; what they teach is over by then. */
const LONGEST: Readonly<Partial<Record<Fault['kind'], number>>> = {
  'azure-down': 1_200,
  'storage-down': 1_200,
  'worker-down': 900,
  'worker-dies': 300,
  'no-capacity': 1_200,
  'over-quota': 1_200,
  'slow-start': 300,
};
const LONGEST_BOOT = 300;

/** A schedule as the emulator can play it within minutes, in the words that every layer plays. */
export interface Fitted {
  readonly schedule: Schedule;
  /** Faults that the emulator has no means for, by name. */
  readonly leftOut: readonly string[];
  /** Faults and numbers that are played otherwise than the seed says, by name. */
  readonly changed: readonly string[];
}

/** Compresses a schedule and takes out what cannot be played here; nothing of that is silent. */
export function fit(whole: Schedule): Fitted {
  const leftOut: string[] = [];
  const changed: string[] = [];
  const training = whole.steps * whole.stepSeconds;
  const factor = Math.min(1, LONGEST_TRAINING / training);
  if (factor < 1) changed.push('training compressed');
  const faults = whole.faults.flatMap((fault) => {
    const why = withoutMeans(fault);
    if (why !== null) {
      leftOut.push(why);
      return [];
    }
    return [shortened({ ...fault, at: Math.round(fault.at * factor * 10) / 10 }, changed)];
  });
  const bootSeconds = Math.min(whole.bootSeconds, LONGEST_BOOT);
  // Attempts there are too short for a budget that would end some of them.
  if ((whole.money ?? null) !== null) leftOut.push('budget');
  if ((whole.deadline ?? null) !== null) leftOut.push('deadline');
  const pace = { stepSeconds: whole.stepSeconds * factor, bootSeconds };
  const schedule = { ...whole, ...pace, faults, money: null, deadline: null };
  return { schedule, leftOut, changed };
}

/** The emulator lists its nodes as they are, and ends what it is asked to end. */
function withoutMeans(fault: Fault): string | null {
  if (fault.kind === 'nodes-unlisted') return fault.kind;
  if (fault.kind === 'stuck' && fault.in === 'CancelRequested') return `stuck ${fault.in}`;
  return null;
}

function shortened(fault: Fault, changed: string[]): Fault {
  const longest = LONGEST[fault.kind];
  const isLong = 'seconds' in fault && longest !== undefined && fault.seconds > longest;
  const short = isLong ? ({ ...fault, seconds: longest } as Fault) : fault;
  if (isLong) changed.push(`${fault.kind} shortened`);
  // A size that is refused, or a quota that is used up, shows in the emulator's cluster while the job waits in the queue.
  if (short.kind === 'over-quota') {
    changed.push('over-quota waits in the queue');
    return { at: short.at, kind: 'no-capacity', seconds: short.seconds, refused: false };
  }
  if (short.kind === 'no-capacity' && short.refused) {
    changed.push('refusal waits in the queue');
    return { ...short, refused: false };
  }
  return short;
}
