import { z } from 'zod';
import type { PhaseConfig, RunConfig } from '../config.js';
import { trainerParameters } from '../trainer-config.js';
import { type ModelShape, flopsPerSequence, parameterCount } from './model-size.js';

/** What a phase asks for. */
export interface PhaseWork {
  readonly name: string;
  readonly steps: number;
  readonly globalBatch: number;
  readonly samples: number;
  /** Tokens of a sequence; null for a trainer whose parameters name none. */
  readonly sequenceLength: number | null;
  readonly tokens: number | null;
  /** Floating-point operations of a sample; null for a model that is not known. */
  readonly flopsPerSample: number | null;
  /** Weights of the model; null for one that is not known. */
  readonly parameters: number | null;
  readonly precision: 'float32' | 'bfloat16' | 'float16';
}

/** Entries of bert-base-uncased, which the published datasets are made with, padded to a multiple of 8. */
const USUAL_VOCABULARY = 30_528;

const known = z.object({
  sequenceLength: z.number(),
  precision: z.enum(['float32', 'bfloat16', 'float16']),
  model: z.object({
    hiddenSize: z.number(),
    layers: z.number(),
    intermediateSize: z.number(),
    maxPositions: z.number(),
    typeVocabulary: z.number(),
  }),
  masking: z.object({ probability: z.number(), maxPredictions: z.number() }),
});

/** The work of every phase of a config. Only the recipe `bert` tells the size of its model. */
export function workOf(config: RunConfig): PhaseWork[] {
  return config.phases.map((phase) => phaseWork(config, phase));
}

function phaseWork(config: RunConfig, phase: PhaseConfig): PhaseWork {
  const { name, steps, globalBatch } = phase;
  const parameters = trainerParameters(config, phase);
  const samples = steps * globalBatch;
  const length = parameters['sequenceLength'];
  const sequenceLength = typeof length === 'number' ? length : null;
  const recipe = config.trainer.recipe === 'bert' ? known.safeParse(parameters).data : undefined;
  const shape: ModelShape | null =
    recipe === undefined ? null : { ...recipe.model, vocabulary: vocabularyOf(config) ?? USUAL_VOCABULARY };
  return {
    ...{ name, steps, globalBatch, samples, sequenceLength },
    tokens: sequenceLength === null ? null : samples * sequenceLength,
    flopsPerSample:
      shape === null || recipe === undefined
        ? null
        : flopsPerSequence(shape, recipe.sequenceLength, predictionsOf(recipe)),
    parameters: shape === null ? null : parameterCount(shape),
    precision: recipe?.precision ?? 'float32',
  };
}

const predictionsOf = ({ sequenceLength, masking }: z.output<typeof known>) =>
  Math.min(masking.maxPredictions, Math.round(masking.probability * sequenceLength));

/** Size of the vocabulary that the run itself would train; null where it comes with the dataset. */
function vocabularyOf({ data }: RunConfig): number | null {
  const options = z
    .object({ vocabulary: z.object({ trainSize: z.number() }) })
    .safeParse(data.prepare?.options ?? {}).data;
  return options?.vocabulary.trainSize ?? null;
}
