import { z } from 'zod';

const rate = z.number().min(0).max(1);

const model = z
  .strictObject({
    hiddenSize: z.int().min(8).describe('Width of the encoder.'),
    layers: z.int().min(1).describe('Encoder layers.'),
    attentionHeads: z.int().min(1).describe('Attention heads; divides hiddenSize.'),
    intermediateSize: z.int().min(8).describe('Width of the feed-forward layers.'),
    maxPositions: z.int().min(8).describe('Longest sequence the position embedding knows.'),
    typeVocabulary: z.int().min(2).describe('Segment types.'),
    dropout: rate.describe('Dropout of hidden states.'),
    attentionDropout: rate.describe('Dropout of attention probabilities.'),
    initializerRange: z.number().positive().describe('Standard deviation of the initial weights.'),
  })
  .refine((m) => m.hiddenSize % m.attentionHeads === 0, { message: 'attentionHeads must divide hiddenSize', path: ['attentionHeads'] });

const optimizer = z.strictObject({
  name: z.literal('adamw').describe('AdamW.'),
  learningRate: z.number().positive().describe('Peak learning rate.'),
  beta1: rate.describe('Decay of the first moment.'),
  beta2: rate.describe('Decay of the second moment.'),
  epsilon: z.number().positive().describe('Term in the denominator.'),
  weightDecay: z.number().min(0).describe('Decoupled weight decay; none on biases and layer norms.'),
  clipNorm: z.number().positive().describe('Gradients are clipped to this global norm.'),
});

const schedule = z.strictObject({
  name: z.enum(['linear', 'exponential', 'constant']).describe('Shape behind the warm-up.'),
  warmupRatio: rate.describe('Share of the steps with a linearly rising learning rate.'),
  decayRate: rate.describe('Factor of the exponential schedule.'),
  decaySteps: z.int().min(1).describe('Steps over which the exponential schedule falls by decayRate.'),
});

/** Trainer config of the BERT payload as docs/payload-contract.md has it. */
export const bertParametersSchema = z
  .strictObject({
    steps: z.int().min(1),
    sequenceLength: z.int().min(8).describe('Tokens of a sequence, [CLS] and [SEP] included; the dataset must hold a set of this length.'),
    globalBatch: z.int().min(1),
    microBatch: z.int().min(1),
    seed: z.int().min(0).describe('Seed of order, masks, initial weights and dropout.'),
    model,
    optimizer,
    schedule,
    masking: z.strictObject({
      probability: rate.describe('Share of tokens that are masked.'),
      maxPredictions: z.int().min(1).describe('Most masked tokens of a sequence.'),
    }),
    precision: z.enum(['float32', 'bfloat16', 'float16']).describe('Precision of the forward and backward pass.'),
    threads: z.int().min(1).describe('CPU threads of a process.'),
    checkpointSteps: z.int().min(1).nullable(),
    checkpointSeconds: z.number().min(1).nullable(),
    heartbeatSeconds: z.number().positive(),
    metricsSeconds: z.number().positive(),
  })
  .refine((p) => p.sequenceLength <= p.model.maxPositions, { message: 'is longer than model.maxPositions', path: ['sequenceLength'] });
