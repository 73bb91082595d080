import { seeded } from '../../house/random.js';
import { type Played, play } from '../pure/play.js';
import type { Schedule } from '../schedule.js';

/** What is seconds in one layer is minutes in another, a worker that dies above all: faults meet the run elsewhere. */
const STRETCHES = [0.4, 0.6, 0.8, 1, 1.3, 1.7, 2.5];
const SHAKINGS = 8;
const SHAKE_SECONDS = 600;

/** What the pure layer makes of a schedule whose faults come earlier or later. */
export interface Family {
  readonly outcomes: ReadonlySet<Played['outcome']>;
  readonly mostAttempts: number;
  /** Of the schedule as it is. */
  readonly played: Played;
}

export function familyOf(schedule: Schedule): Family {
  const played = play(schedule);
  const draw = seeded(schedule.seed);
  const all = [played];
  for (const stretch of STRETCHES)
    for (let index = 0; index < SHAKINGS; index++)
      all.push(play(shaken(schedule, stretch, index === 0 ? () => 0.5 : draw)));
  return {
    outcomes: new Set(all.map(({ outcome }) => outcome)),
    mostAttempts: Math.max(...all.map(({ attempts }) => attempts)),
    played,
  };
}

function shaken(schedule: Schedule, stretch: number, draw: () => number): Schedule {
  const faults = schedule.faults
    .map((fault) => ({ ...fault, at: Math.max(0, fault.at * stretch + (draw() - 0.5) * SHAKE_SECONDS) }))
    .sort((a, b) => a.at - b.at);
  return { ...schedule, faults };
}
