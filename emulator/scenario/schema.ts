import { parse } from 'yaml';
import { z } from 'zod';

import { eviction } from '../faces/evict.js';

const condition = z
  .strictObject({
    path: z.string().min(1).describe('Field of the JSON file, with dots for nested ones: "step", "loss.mlm".'),
    atLeast: z.number().optional().describe('The field is a number and at least this.'),
    equals: z.union([z.string(), z.number(), z.boolean()]).optional().describe('The field is exactly this.'),
  })
  .refine((test) => test.atLeast !== undefined || test.equals !== undefined, 'needs atLeast or equals');

const when = z
  .strictObject({
    job: z.string().min(1).default('*').describe('Name of the job; * and ? stand for other characters.'),
    blob: z
      .string()
      .min(1)
      .optional()
      .describe("A file that the job uploads, relative to the output's folder; * stays within a folder, ** does not."),
    json: condition.optional().describe('What the uploaded file, JSON of less than 64 KiB, must hold.'),
    status: z.string().min(1).optional().describe('The job reaches this status, such as Running.'),
  })
  .refine((event) => (event.blob === undefined) !== (event.status === undefined), 'needs either blob or status')
  .refine((event) => event.json === undefined || event.blob !== undefined, 'json goes with blob only');

const rule = z.strictObject({
  when: when.describe('What has to happen.'),
  times: z.number().int().min(1).default(1).describe('How often the rule fires; once unless given.'),
  after: z.number().min(0).default(0).describe('Seconds to wait before acting, divided by --speed.'),
  do: z.strictObject({ evict: eviction.describe('Take a node of that job away.') }).describe('What is done.'),
});

const scenario = z.strictObject({
  rules: z.array(rule).min(1).describe('What happens to whom. All rules are looked at, in order.'),
});

export type Rule = z.infer<typeof rule>;

/**
 * Reads a scenario, in YAML (or JSON, which is YAML too).
 *
 * @param source where it came from, for messages
 * @throws Error with one sentence naming the field that is wrong
 */
export function parseScenario(text: string, source: string): Rule[] {
  const result = scenario.safeParse(parseYaml(text, source));
  if (result.success) return result.data.rules;
  const issue = result.error.issues[0];
  const place = issue?.path.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : `${path}.${String(key)}`),
    '',
  );
  const field = place === undefined || place === '' ? 'The file' : `Field ${place.replace(/^\./, '')}`;
  throw new Error(`${field} of the scenario ${source} is wrong: ${issue?.message ?? 'unknown reason'}.`);
}

/** The schema of scenario files, as JSON Schema. */
export function scenarioSchema(): object {
  return z.toJSONSchema(scenario, { io: 'input' });
}

function parseYaml(text: string, source: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`The scenario ${source} is no YAML: ${(error as Error).message.split('\n')[0] ?? ''}`, {
      cause: error,
    });
  }
}
