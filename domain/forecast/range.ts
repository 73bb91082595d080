/** A number that is guessed: the best case, what is expected, and the worst case. "Best" is what makes a run shorter or cheaper. */
export interface Range {
  readonly best: number;
  readonly typical: number;
  readonly worst: number;
}

/** The three cases of every guess; a forecast takes all guesses of one case together. */
export const cases = ['best', 'typical', 'worst'] as const;
export type Case = (typeof cases)[number];

/** A range made case by case. */
export function rangeOf(value: (one: Case) => number): Range {
  return { best: value('best'), typical: value('typical'), worst: value('worst') };
}

/** A number that is known. */
export const exactly = (value: number): Range => rangeOf(() => value);
