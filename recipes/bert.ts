import { z } from 'zod';

/** Bounds are those of the trainer (training/bertha_train/config.py): what is refused there must not cost a node here. */
const probability = z.number().min(0).lt(1);

const model = z
  .strictObject({
    hiddenSize: z.int().min(8).describe('Width of the encoder.'),
    layers: z.int().min(1).describe('Encoder layers.'),
    attentionHeads: z.int().min(1).describe('Attention heads; divides hiddenSize.'),
    intermediateSize: z.int().min(8).describe('Width of the feed-forward layers.'),
    maxPositions: z.int().min(8).describe('Longest sequence the position embedding knows.'),
    typeVocabulary: z.int().min(2).describe('Segment types.'),
    dropout: probability.describe('Dropout of hidden states.'),
    attentionDropout: probability.describe('Dropout of attention probabilities.'),
    initializerRange: z.number().positive().describe('Standard deviation of the initial weights.'),
    nextSentence: z
      .boolean()
      .optional()
      .describe('Train the next-sentence task beside masked words; false leaves its head out. True unless given.'),
  })
  .refine((m) => m.hiddenSize % m.attentionHeads === 0, {
    message: 'must divide hiddenSize; change one of them',
    path: ['attentionHeads'],
  })
  .describe('Shape of the model; the vocabulary comes with the dataset.');

const optimizer = z
  .strictObject({
    name: z
      .enum(['adamw', 'lamb', 'nvlamb'])
      .describe(
        'AdamW with bias correction; LAMB as published (no ratio where no decay); NVLAMB, which divides gradients by their norm first and gives every parameter its ratio.',
      ),
    learningRate: z.number().positive().describe('Peak learning rate.'),
    beta1: probability.describe('Decay of the first moment.'),
    beta2: probability.describe('Decay of the second moment.'),
    epsilon: z.number().positive().describe('Term in the denominator.'),
    weightDecay: z.number().min(0).describe('Decoupled weight decay; none on biases and layer norms.'),
    clipNorm: z.number().positive().describe('Gradients are clipped to this global norm.'),
  })
  .describe('How a gradient becomes a step.');

const schedule = z
  .strictObject({
    name: z
      .enum(['linear', 'exponential', 'polynomial', 'constant'])
      .describe(
        'Shape behind the warm-up; linear falls to zero at the last step, polynomial (of NVIDIA) is the share of all steps that is left, to the power of `power`.',
      ),
    warmupRatio: probability.describe('Share of the steps with a linearly rising learning rate.'),
    decayRate: z.number().positive().max(1).optional().describe('Factor of the exponential schedule.'),
    decaySteps: z
      .number()
      .positive()
      .optional()
      .describe('Steps over which the exponential schedule falls by decayRate.'),
    power: z.number().positive().optional().describe('Power of the polynomial schedule; NVIDIA has 0.5.'),
    offsetSteps: z
      .int()
      .min(0)
      .optional()
      .describe(
        "Steps that the schedule counts as done before the phase, for one that goes on with an earlier phase's learning rate; 0, a schedule of its own, unless given.",
      ),
  })
  .refine((s) => s.name !== 'exponential' || (s.decayRate !== undefined && s.decaySteps !== undefined), {
    message: 'is exponential and so needs decayRate and decaySteps; add them',
    path: ['name'],
  })
  .refine((s) => s.name !== 'polynomial' || s.power !== undefined, {
    message: 'is polynomial and so needs power; add it',
    path: ['name'],
  })
  .describe('Learning rate over the steps of a phase.');

const masking = z
  .strictObject({
    probability: z.number().gt(0).lt(1).describe('Share of tokens that are masked.'),
    maxPredictions: z.int().min(1).describe('Most masked tokens of a sequence.'),
  })
  .describe('Masks of training samples; held-out samples have theirs from the dataset.');

/** Trainer config of the BERT payload as docs/payload-contract.md has it. */
export const bertParametersSchema = z
  .strictObject({
    steps: z.int().min(1),
    sequenceLength: z
      .int()
      .min(8)
      .describe('Tokens of a sequence, [CLS] and [SEP] included; the dataset must hold a set of this length.'),
    globalBatch: z.int().min(1),
    microBatch: z.int().min(1),
    seed: z.int().min(0).describe('Seed of order, masks, initial weights and dropout.'),
    model,
    optimizer,
    schedule,
    masking,
    precision: z
      .enum(['float32', 'bfloat16', 'float16'])
      .describe('Precision of the forward and backward pass; float16 scales the loss dynamically.'),
    threads: z.int().min(1).describe('CPU threads of a process.'),
    deterministic: z
      .boolean()
      .optional()
      .describe(
        'Only kernels whose sums have a fixed order: a resumed training is equal to the bit. True unless given; false is faster on GPUs.',
      ),
    compile: z
      .boolean()
      .optional()
      .describe('Compile the model with torch.compile; needs deterministic: false, and on CPUs a C++ compiler.'),
    evaluationSteps: z
      .int()
      .min(1)
      .nullable()
      .optional()
      .describe(
        'Evaluate on the held-out samples every so many steps and save behind it: checkpoints are then ranked by their held-out loss (checkpoints.keep.best). Off unless given.',
      ),
    checkpointSteps: z.int().min(1).nullable(),
    checkpointSeconds: z.number().min(1).nullable(),
    heartbeatSeconds: z.number().positive(),
    metricsSeconds: z.number().positive(),
    spendSeconds: z
      .number()
      .positive()
      .optional()
      .describe('Who is never told until when it may spend saves and leaves after so long; given by cost.leaseHours.'),
    stuckSeconds: z
      .number()
      .positive()
      .optional()
      .describe('A rank or collective may stand still so long before the trainer ends itself; 60 unless given.'),
    spikeDetector: z
      .strictObject({ window: z.int().min(1), factor: z.number().gt(1), patience: z.int().min(1) })
      .nullable()
      .optional()
      .describe(
        'Ends the attempt where the loss stays above factor x the mean of a window for patience steps; off unless given.',
      ),
    skipWindows: z
      .array(z.record(z.string(), z.int().min(0)))
      .optional()
      .describe(
        'Stretches of the sample order that are passed over, from and to; the supervisor adds those around a spike.',
      ),
  })
  .refine((p) => p.sequenceLength <= p.model.maxPositions, {
    message: 'is longer than model.maxPositions; change one of them',
    path: ['sequenceLength'],
  })
  .refine((p) => p.compile !== true || p.deterministic === false, {
    message: 'is true, which chooses its kernels anew in each process; set deterministic to false',
    path: ['compile'],
  });
