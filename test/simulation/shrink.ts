import type { Fault, Schedule } from './schedule.js';

/** Whether a schedule still breaks what the whole one broke. */
type Breaks = (shorter: Schedule) => Promise<boolean>;

/**
 * Cuts a schedule down to a small one that still breaks: leaves out faults, in halves first and then one by one, shortens those that last, and
 * takes plainer numbers for the run itself. @param tries plays that it may cost
 */
export async function shrink(schedule: Schedule, breaks: Breaks, tries: number): Promise<Schedule> {
  let left = tries;
  const stillBreaks: Breaks = async (shorter) => left-- > 0 && breaks(shorter);
  let best = schedule;
  for (let before: Schedule | null = null; before !== best;) {
    before = best;
    best = await withoutFaults(best, stillBreaks);
    best = await simplest(best, shorterFaults, stillBreaks);
    best = await simplest(best, plainerRun, stillBreaks);
  }
  return best;
}

/** Stretches of faults are left out, half of them at first, then ever shorter ones down to a single fault. */
async function withoutFaults(schedule: Schedule, breaks: Breaks): Promise<Schedule> {
  let best = schedule;
  for (let size = Math.ceil(best.faults.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.faults.length;) {
      const shorter = { ...best, faults: [...best.faults.slice(0, from), ...best.faults.slice(from + size)] };
      if (await breaks(shorter)) best = shorter;
      else from += size;
    }
  }
  return best;
}

/** Takes the first change that still breaks, again and again; the very same schedule where none does. */
async function simplest(
  schedule: Schedule,
  changes: (from: Schedule) => Iterable<Schedule>,
  breaks: Breaks,
): Promise<Schedule> {
  for (const changed of changes(schedule)) if (await breaks(changed)) return simplest(changed, changes, breaks);
  return schedule;
}

function* shorterFaults(schedule: Schedule): Iterable<Schedule> {
  for (const [index, fault] of schedule.faults.entries())
    for (const shorter of shorterThan(fault)) {
      const faults = [...schedule.faults.slice(0, index), shorter, ...schedule.faults.slice(index + 1)];
      yield { ...schedule, faults };
    }
}

/** Half as long, or at a round moment. */
function* shorterThan(fault: Fault): Iterable<Fault> {
  if ('seconds' in fault && fault.seconds > 1) yield { ...fault, seconds: Math.floor(fault.seconds / 2) };
  const at = Math.round(fault.at);
  if (at !== fault.at) yield { ...fault, at };
}

/** As `generate` makes the shortest. */
const PLAIN = { steps: 150, bootSeconds: 20 };

function* plainerRun(schedule: Schedule): Iterable<Schedule> {
  const { poison, bootSeconds, steps } = schedule;
  if (poison.length > 0) yield { ...schedule, poison: [] };
  if (bootSeconds > PLAIN.bootSeconds) yield { ...schedule, bootSeconds: PLAIN.bootSeconds };
  if (steps > PLAIN.steps) yield { ...schedule, steps: Math.max(PLAIN.steps, Math.floor(steps / 2)) };
}
