import { z } from 'zod';

import { path } from './selectors.js';
import { chance, consistent, oneOfKinds, window } from './window.js';

const seconds = z.number().positive();
const whom = {
  method: z.enum(['GET', 'PUT', 'POST', 'PATCH', 'DELETE']).optional().describe('Only requests of this method.'),
  path,
  plane: z
    .enum(['arm', 'data', 'login'])
    .optional()
    .describe('Only management (arm), run history and artifacts (data), or tokens (login); all three unless given.'),
  ...window,
  ...chance,
};

const kinds = {
  tooManyRequests: z.strictObject({
    kind: z.literal('tooManyRequests').describe("Azure ML's own 429, without Retry-After, as recorded."),
    ...whom,
  }),
  throttled: z.strictObject({
    kind: z.literal('throttled').describe("The 429 of ARM's front door, with Retry-After."),
    retryAfter: z.number().int().min(1).default(10).describe('Retry-After in real seconds.'),
    ...whom,
  }),
  error: z.strictObject({
    kind: z.literal('error').describe('A failure of the service or of a gateway before it.'),
    status: z.literal([500, 502, 503, 504]).describe('The status of the answer: 500, 502, 503 or 504.'),
    body: z.enum(['json', 'html']).default('json').describe('An error of the service, or the page of a gateway.'),
    ...whom,
  }),
  dependency: z.strictObject({
    kind: z
      .literal('dependency')
      .describe('Azure ML cannot reach a part of itself: 500 with the 503 of that part in it.'),
    ...whom,
  }),
  reset: z.strictObject({
    kind: z.literal('reset').describe('The connection is cut before anything is done.'),
    ...whom,
  }),
  slow: z.strictObject({
    kind: z.literal('slow').describe('The request waits before it is handled.'),
    seconds: seconds.describe('How long, in seconds, divided by --speed.'),
    ...whom,
  }),
  lostAnswer: z.strictObject({
    kind: z.literal('lostAnswer').describe('The request is handled and kept, then the connection is cut.'),
    ...whom,
  }),
  stale: z.strictObject({
    kind: z.literal('stale').describe('A GET answers what was true a while ago.'),
    seconds: seconds.describe('How long ago, in seconds, divided by --speed.'),
    ...whom,
  }),
  expiredToken: z.strictObject({
    kind: z.literal('expiredToken').describe('The token counts as expired: 401 ExpiredAuthenticationToken.'),
    ...whom,
  }),
  outage: z.strictObject({
    kind: z.literal('outage').describe('Nothing works: every request is answered 503, or its connection is cut.'),
    refused: z.boolean().default(false).describe('Connections are cut instead of answered 503.'),
    ...whom,
  }),
};

/** What requests meet. */
export const request = z
  .discriminatedUnion(
    'kind',
    [
      kinds.tooManyRequests,
      kinds.throttled,
      kinds.error,
      kinds.dependency,
      kinds.reset,
      kinds.slow,
      kinds.lostAnswer,
      kinds.stale,
      kinds.expiredToken,
      kinds.outage,
    ],
    oneOfKinds(...Object.keys(kinds)),
  )
  .superRefine(consistent);

export type RequestFault = z.infer<typeof request>;
export type RequestFaultOf<Kind extends RequestFault['kind']> = Extract<RequestFault, { kind: Kind }>;
