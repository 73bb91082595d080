import { z } from 'zod';

/** The sections of the run config that are about what a run costs. */

export const cost = z
  .strictObject({
    budget: z
      .number()
      .positive()
      .optional()
      .describe(
        'What all attempts may cost together, in the currency of the prices: nodes x hours x price. Before it is passed the job saves and ends, and the run with it. Needs a price.',
      ),
    leaseHours: z
      .number()
      .min(0.05)
      .max(168)
      .optional()
      .describe(
        'A trainer that nobody watches any more saves and leaves after so long; it must be longer than your longest repair of Temporal or the workers. Absent: only the budget, where there is one, ends it.',
      ),
  })
  .optional()
  .describe('What nodes cost, and how much of it may be spent.');
