import { money } from './sums.js';

/** What a run saved against dedicated nodes of the same kind. */
export interface Saving {
  readonly dedicatedPricePerNodeHour: number;
  /** What its useful node-seconds alone would have cost there. */
  readonly dedicated: number;
  readonly paid: number;
  /** Below 0 where dedicated nodes would have been cheaper. */
  readonly saved: number;
}

/**
 * Dedicated nodes are taken to need no second but the useful ones: no boot, no checkpoint, no end. So the saving is a lower bound.
 * @returns null where a price is not known
 */
export function savingOf(
  usefulNodeMs: number,
  paid: number | null,
  dedicatedPricePerNodeHour: number | null,
): Saving | null {
  if (paid === null || dedicatedPricePerNodeHour === null) return null;
  const dedicated = (usefulNodeMs / 3_600_000) * dedicatedPricePerNodeHour;
  const rounded = (value: number) => money(value) ?? 0;
  return {
    dedicatedPricePerNodeHour,
    dedicated: rounded(dedicated),
    paid: rounded(paid),
    saved: rounded(dedicated - paid),
  };
}
