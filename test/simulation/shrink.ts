import type { Fault, Schedule } from './schedule.js';

/** Plays of a schedule that one search may cost. */
const MOST_TRIES = 2_000;

/**
 * Cuts a schedule down to a small one that still breaks: leaves out faults, in halves first and then one by one, shortens those that last, and
 * plainer numbers for the run itself. @param breaks whether a schedule still breaks what the whole one broke
 */
export function shrink(schedule: Schedule, breaks: (shorter: Schedule) => boolean): Schedule {
  let left = MOST_TRIES;
  const stillBreaks = (shorter: Schedule) => left-- > 0 && breaks(shorter);
  let best = schedule;
  for (let before = ''; before !== JSON.stringify(best);) {
    before = JSON.stringify(best);
    best = withoutFaults(best, stillBreaks);
    best = simplest(best, shorterFaults, stillBreaks);
    best = simplest(best, plainerRun, stillBreaks);
  }
  return best;
}

type Breaks = (shorter: Schedule) => boolean;

/** Stretches of faults are left out, half of them at first, then ever shorter ones down to a single fault. */
function withoutFaults(schedule: Schedule, breaks: Breaks): Schedule {
  let best = schedule;
  for (let size = Math.ceil(best.faults.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.faults.length;) {
      const faults = [...best.faults.slice(0, from), ...best.faults.slice(from + size)];
      const shorter = { ...best, faults };
      if (breaks(shorter)) best = shorter;
      else from += size;
    }
  }
  return best;
}

/** Takes the first change that still breaks, again and again. */
function simplest(schedule: Schedule, changes: (from: Schedule) => Iterable<Schedule>, breaks: Breaks): Schedule {
  for (const changed of changes(schedule)) if (breaks(changed)) return simplest(changed, changes, breaks);
  return schedule;
}

/** Faults that last half as long, or come at a round moment. */
function* shorterFaults(schedule: Schedule): Iterable<Schedule> {
  for (const [index, fault] of schedule.faults.entries())
    for (const shorter of shorterThan(fault)) {
      const faults = [...schedule.faults.slice(0, index), shorter, ...schedule.faults.slice(index + 1)];
      yield { ...schedule, faults };
    }
}

function* shorterThan(fault: Fault): Iterable<Fault> {
  if ('seconds' in fault && fault.seconds > 1) yield { ...fault, seconds: Math.floor(fault.seconds / 2) };
  const at = Math.round(fault.at);
  if (at !== fault.at) yield { ...fault, at };
}

function* plainerRun(schedule: Schedule): Iterable<Schedule> {
  if (schedule.poison.length > 0) yield { ...schedule, poison: [] };
  if (schedule.bootSeconds > 20) yield { ...schedule, bootSeconds: 20 };
  if (schedule.steps > 150) yield { ...schedule, steps: Math.max(150, Math.floor(schedule.steps / 2)) };
}
