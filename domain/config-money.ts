import { z } from 'zod';

/** The sections of the run config that are about what a run costs and how long it may take. */

export const cost = z
  .strictObject({
    pricePerNodeHour: z
      .number()
      .min(0)
      .optional()
      .describe(
        'What a node of cluster.sku with cluster.priority costs an hour, by your contract; absent: the public retail price list, else the price that Azure ML shows for the size.',
      ),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'a currency has three capital letters, as USD or EUR')
      .default('USD')
      .describe('Currency of all amounts, its ISO code; prices are read in it where Azure lists them so.'),
    budget: z
      .number()
      .positive()
      .optional()
      .describe(
        'What all attempts may cost together: nodes x hours x price. Before it is passed the job saves and ends, and the run with it. Needs a price.',
      ),
    alertAt: z
      .array(z.number().gt(0).lt(1))
      .max(9)
      .optional()
      .describe(
        'Shares of the budget at which a person is told what is spent, what is left and when it will be used up, each once; absent: 0.5 and 0.8.',
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

const DEADLINE_FORM = 'say a time with its zone, as 2026-12-24T18:00:00Z, or hours from the start, as { hours: 36 }';

/** When a run shall be done. */
export const deadline = z
  .union(
    [
      z
        .string()
        .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/, DEADLINE_FORM)
        .refine((time) => Number.isFinite(Date.parse(time)), DEADLINE_FORM)
        .describe('A time, as 2026-12-24T18:00:00Z.'),
      z
        .strictObject({ hours: z.number().positive().describe("Hours from the run's start.") })
        .describe('A time from its start on.'),
    ],
    { error: DEADLINE_FORM },
  )
  .optional()
  .describe(
    'When the model must be there: a time with its zone, as 2026-12-24T18:00:00Z, or { hours: 36 } from the start. When only dedicated nodes can keep it the run moves to the first dedicated cluster among cluster.alternatives; without one it is only told that it will be late.',
  );

export const forecast = z
  .strictObject({
    samplesPerSecond: z
      .record(z.string(), z.number().positive())
      .optional()
      .describe(
        'Measured speed of the whole cluster of this config by the name of the phase; absent: estimated from the size of the model and the peak of the GPUs (docs/plan.md).',
      ),
    evictionsPerNodeHour: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe(
        'How often a low-priority node is taken away, in evictions a node and hour; absent: 0.1, the middle of the bands in which Azure tells eviction rates, and a range around it.',
      ),
  })
  .optional()
  .describe('What `bertha plan` is told instead of its own assumptions; changes nothing in a run.');

/** Phases that `forecast` names and the config does not have. */
export function forecastIssues(config: {
  readonly phases: readonly { readonly name: string }[];
  readonly forecast?: z.output<typeof forecast>;
}): { code: 'custom'; path: string[]; message: string }[] {
  const phases = config.phases.map(({ name }) => name);
  return Object.keys(config.forecast?.samplesPerSecond ?? {})
    .filter((name) => !phases.includes(name))
    .map((name) => ({
      code: 'custom',
      path: ['forecast', 'samplesPerSecond', name],
      message: `"${name}" is no phase; the phases are ${phases.join(', ')}`,
    }));
}
