import { z } from 'zod';

/** When something is in force, in seconds after it was loaded. */
export const window = {
  from: z
    .number()
    .min(0)
    .default(0)
    .describe('Seconds after it was loaded at which it begins, divided by --speed; at once unless given.'),
  until: z
    .number()
    .positive()
    .optional()
    .describe('Seconds after it was loaded at which it ends, divided by --speed; never unless given.'),
};

/** Which of the things that match are hit; all of them when nothing is given. */
export const chance = {
  nth: z.number().int().min(1).optional().describe('Only the n-th that matches is hit, counted from 1.'),
  every: z.number().int().min(1).optional().describe('Each n-th that matches is hit.'),
  probability: z.number().min(0).max(1).optional().describe('Each that matches is hit with this probability.'),
  times: z.number().int().min(1).optional().describe('How many are hit at the most; all unless given.'),
};

export type Window = { from: number; until?: number | undefined };
export type Chance = { [Name in keyof typeof chance]?: number | undefined };

/** What no field can say alone, for `superRefine`: a window has a length, and there is one way of choosing. */
export function consistent(item: Window & Chance, context: z.core.$RefinementCtx): void {
  if (item.until !== undefined && item.until <= item.from) {
    context.addIssue({ code: 'custom', path: ['until'], message: `must be greater than from (${item.from})` });
  }
  const ways = (['nth', 'every', 'probability'] as const).filter((way) => item[way] !== undefined);
  if (ways.length > 1) {
    context.addIssue({ code: 'custom', path: [ways[1] ?? ''], message: `does not go together with ${ways[0]}` });
  }
}

/** The message for a `kind` that there is not. */
export function oneOfKinds(...kinds: string[]): { error: string } {
  return { error: `kind must be one of ${kinds.join(', ')}` };
}
