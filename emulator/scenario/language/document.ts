import { z } from 'zod';

import { capacity } from './capacity.js';
import { backgroundEviction } from './evictions.js';
import { request } from './requests.js';
import { rule } from './rules.js';
import { storage } from './storage.js';

const document = z
  .strictObject({
    seed: z.number().int().default(0).describe('What all chance in this scenario comes from; 0 unless given.'),
    rules: z.array(rule).default([]).describe('What happens when a job, or the time, comes to a point.'),
    evictions: z.array(backgroundEviction).default([]).describe('Preemptions in the background.'),
    capacity: z.array(capacity).default([]).describe('What clusters may have. All items that fit hold at once.'),
    requests: z.array(request).default([]).describe('What requests meet, looked at in order.'),
    storage: z.array(storage).default([]).describe('What uploads of mounted outputs meet; the first that hits counts.'),
  })
  .refine(
    ({ seed: _, ...blocks }) => Object.values(blocks).some((items) => items.length > 0),
    'needs rules, evictions, capacity, requests or storage',
  );

/** Everything that one scenario says. */
export type Document = z.infer<typeof document>;

/** The parts of a scenario that are lists of things to do. */
export const BLOCKS = ['rules', 'evictions', 'capacity', 'requests', 'storage'] as const;
export type Block = (typeof BLOCKS)[number];

/** A scenario of these parts. */
export function documentOf(seed: number, parts: Partial<Pick<Document, Block>>): Document {
  return { seed, rules: [], evictions: [], capacity: [], requests: [], storage: [], ...parts };
}

/**
 * Checks a scenario.
 *
 * @param source where it came from, for messages
 * @throws Error with one sentence naming the field that is wrong
 */
export function checkScenario(value: unknown, source: string): Document {
  const result = document.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = (issue?.path ?? []).reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : `${path}.${String(key)}`),
    '',
  );
  const field = place === '' ? 'The file' : `Field ${place.replace(/^\./, '')}`;
  throw new Error(`${field} of the scenario ${source} is wrong: ${issue?.message ?? 'unknown reason'}.`);
}

/** The schema of scenario files, as JSON Schema. */
export function scenarioSchema(): object {
  return z.toJSONSchema(document, { io: 'input' });
}
