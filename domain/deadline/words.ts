import type { Standing } from './standing.js';

/** Why a run moves: what is needed, against what is left. */
export function standingWords({ needed, left }: Standing): string {
  const until = left < 0 ? `${hours(-left)} behind the deadline` : `${hours(left)} until the deadline`;
  return `dedicated nodes need ${hours(needed)} for what is left, starts and margin included; ${until}`;
}

/** How the end of a run lies to its deadline, behind a sentence; nothing where there is none. @param due epoch milliseconds, as `now` */
export function keptWords(due: number | null, now: number): string {
  if (due === null) return '';
  const seconds = (due - now) / 1000;
  return seconds < 0 ? `, ${hours(-seconds)} behind the deadline` : `, ${hours(seconds)} before the deadline`;
}

const hours = (seconds: number) =>
  seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 5_400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3_600).toFixed(1)} h`;
