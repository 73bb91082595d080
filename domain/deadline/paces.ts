/** Training that was observed on a cluster: so many steps of a phase in so many seconds. */
export interface Pace {
  readonly steps: number;
  readonly seconds: number;
}

/** Training that was seen for less says little: a look sees whole steps only. */
export const SEEN_SECONDS = 600;

/** By name of the cluster. */
export type Paces = Readonly<Record<string, Pace>>;

/** Older training counts half behind so many seconds, so that a pace follows what changes. */
const REMEMBERED_SECONDS = 6 * 3_600;

/** What is known of the pace after an attempt; a watch that saw no training says nothing. */
export function pacesAfter(before: Paces, cluster: string, seen: Pace | undefined): Paces {
  if (seen === undefined || !(seen.steps > 0 && seen.seconds > 0)) return before;
  const known = before[cluster] ?? { steps: 0, seconds: 0 };
  const factor = known.seconds > REMEMBERED_SECONDS ? 0.5 : 1;
  const pace = { steps: known.steps * factor + seen.steps, seconds: known.seconds * factor + seen.seconds };
  return { ...before, [cluster]: pace };
}
