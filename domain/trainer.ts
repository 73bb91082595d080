import { z } from 'zod';

/** What of control.json the trainer has taken in; lenient, for an older trainer knows fewer fields. */
const controlAckSchema = z.object({
  sequence: z.number(),
  checkpointNow: z.number().nullish(),
  stop: z.string().nullish(),
  checkpointSeconds: z.number().nullish(),
  checkpointSteps: z.number().nullish(),
  spendUntil: z.string().nullish(),
});
export type ControlAck = z.output<typeof controlAckSchema>;

/** Of a control.json, what the next one must be above. */
export const toldSchema = z.object({ sequence: z.number(), checkpointNow: z.number().nullish() });

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
  /** Its first word. */
  startedAt: z.string().nullish(),
  /** What it took to read and verify the state that it went on from. */
  restoreSeconds: z.number().nullish(),
  /** Checkpoints of this start, and how long training stood still for all of them and for the last one. */
  checkpointStall: z.object({ checkpoints: z.int(), seconds: z.number(), last: z.number() }).nullish(),
  nodes: z.array(z.string()).nullish(),
  at: z.string(),
  /** Set once the trainer was warned that it must leave. */
  notice: z.object({ kind: z.string(), at: z.string() }).nullish(),
  /** The last step boundary, or begin of long work. */
  progressAt: z.string().nullish(),
  /** False in the last beat behind a trainer that is gone. */
  alive: z.boolean().nullish(),
  /** What its watchdog found standing still; absent, null or false where nothing does. */
  stuck: z.unknown().optional(),
  /** What of control.json it has taken in. */
  control: controlAckSchema.nullish(),
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
  /** How long training stood still for a checkpoint before this step. */
  stall: z.number().nullish(),
});
export type MetricsLine = z.output<typeof metricsLineSchema>;

export const evaluationSchema = z.object({
  step: z.int(),
  /** `nsp` is null where the next-sentence task is left out. */
  heldOut: z.object({
    mlm: z.number(),
    nsp: z.number().nullable(),
    mlmAccuracy: z.number(),
    nspAccuracy: z.number().nullable(),
  }),
  unigram: z.number(),
  uniform: z.number(),
});
export type Evaluation = z.output<typeof evaluationSchema>;

export const lastWordsSchema = z.object({
  reason: z.string(),
  message: z.string(),
  exitCode: z.int(),
  step: z.int().nullish(),
  spike: z.object({ step: z.int(), before: z.int().nullish() }).nullish(),
  detail: z.string().nullish(),
});
