import { z } from 'zod';

import { capacity } from './capacity.js';
import { eviction } from './evictions.js';
import { request } from './requests.js';
import { blob, job } from './selectors.js';
import { storage } from './storage.js';

const condition = z
  .strictObject({
    path: z.string().min(1).describe('Field of the JSON file, with dots for nested ones: "step", "loss.mlm".'),
    atLeast: z.number().optional().describe('The field is a number and at least this.'),
    equals: z.union([z.string(), z.number(), z.boolean()]).optional().describe('The field is exactly this.'),
  })
  .refine((test) => test.atLeast !== undefined || test.equals !== undefined, 'needs atLeast or equals');

const when = z
  .strictObject({
    job,
    blob: blob.optional(),
    json: condition.optional().describe('What the uploaded file, JSON of less than 64 KiB, must hold.'),
    status: z.string().min(1).optional().describe('The job reaches this status, such as Running.'),
    at: z
      .number()
      .min(0)
      .optional()
      .describe('Seconds after the scenario was loaded, divided by --speed; evictions then hit the jobs with nodes.'),
  })
  .refine(
    ({ blob: file, status, at }) => [file, status, at].filter((event) => event !== undefined).length === 1,
    'needs either blob or status or at',
  )
  .refine((event) => event.json === undefined || event.blob !== undefined, 'json goes with blob only');

const act = z
  .strictObject({
    evict: eviction.optional().describe('Take nodes of the job away.'),
    capacity: capacity.optional().describe('Change from now on what clusters may have.'),
    request: request.optional().describe('Let requests fail from now on.'),
    storage: storage.optional().describe('Spoil uploads from now on.'),
  })
  .refine((one) => Object.keys(one).length === 1, 'needs exactly one of evict, capacity, request, storage');

/** Something that happens when a job or the time comes to a point. */
export const rule = z.strictObject({
  when: when.describe('What has to happen.'),
  times: z.number().int().min(1).default(1).describe('How often the rule fires; once unless given.'),
  after: z.number().min(0).default(0).describe('Seconds to wait before acting, divided by --speed.'),
  do: act.describe('What is done.'),
});

export type Rule = z.infer<typeof rule>;
