import { z } from 'zod';

/** The trainer's words, docs/payload-contract.md. Read leniently: a supervisor must survive a newer payload. */
export const heartbeatSchema = z.object({
  format: z.literal('bertha-heartbeat/1'),
  incarnation: z.string(),
  sequence: z.number(),
  state: z.string(),
  step: z.number().nullable(),
  totalSteps: z.number().nullable(),
  loss: z.object({ mlm: z.number().nullable(), nsp: z.number().nullable() }).partial().nullable(),
  sequencesPerSecond: z.number().nullable(),
  checkpointStep: z.number().nullable(),
  checkpointAt: z.string().nullable(),
  firstStepAt: z.string().nullable(),
  nodes: z.array(z.string()).nullish(),
  at: z.string(),
});
export type Heartbeat = z.output<typeof heartbeatSchema>;

export const metricsLineSchema = z.object({
  step: z.int(),
  at: z.string(),
  loss: z.record(z.string(), z.number()),
  learningRate: z.number(),
  gradNorm: z.number().nullable(),
  samples: z.int(),
  seconds: z.number(),
});
export type MetricsLine = z.output<typeof metricsLineSchema>;

export const evaluationSchema = z.object({
  step: z.int(),
  heldOut: z.object({ mlm: z.number(), nsp: z.number(), mlmAccuracy: z.number(), nspAccuracy: z.number() }),
  unigram: z.number(),
  uniform: z.number(),
});
export type Evaluation = z.output<typeof evaluationSchema>;

export const lastWordsSchema = z.object({ reason: z.string(), message: z.string(), exitCode: z.int() });
