/** Shape of a BERT as its recipe has it. */
export interface ModelShape {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly intermediateSize: number;
  readonly maxPositions: number;
  readonly typeVocabulary: number;
  /** Rows of the word embedding. */
  readonly vocabulary: number;
}

/** Weights of the model with both pretraining heads; the output matrix is the word embedding. */
export function parameterCount(shape: ModelShape): number {
  const { hiddenSize: h, layers, intermediateSize: i, maxPositions, typeVocabulary, vocabulary } = shape;
  const norm = 2 * h;
  const embeddings = (vocabulary + maxPositions + typeVocabulary) * h + norm;
  const attention = 4 * (h * h + h) + norm;
  const feedForward = 2 * h * i + i + h + norm;
  const heads = 2 * (h * h + h) + norm + vocabulary + 2 * h + 2;
  return embeddings + layers * (attention + feedForward) + heads;
}

/**
 * Floating-point operations that training one sequence needs: a multiply and an add for each weight that a token meets, the attention of every token
 * to every other, the output layer for the tokens to be predicted only; the backward pass costs twice the forward. Softmax, norms and the like are left out.
 *
 * DeepSpeed's own count agrees: its 272 and 52 samples/s of BERT-large at 128 and 512 tokens are published as 64 and 53 TFLOP/s
 * (deepspeed.ai, "The Fastest and Most Efficient BERT Training", May 2020).
 * @param sequenceLength tokens of a sequence, padding included
 * @param predictions masked tokens of a sequence
 */
export function flopsPerSequence(shape: ModelShape, sequenceLength: number, predictions: number): number {
  const { hiddenSize: h, layers, intermediateSize: i, vocabulary } = shape;
  const weightsOfLayer = 4 * h * h + 2 * h * i;
  const attention = 2 * sequenceLength * h;
  const token = 2 * layers * (weightsOfLayer + attention);
  const predicted = 2 * (h * h + h * vocabulary);
  const pooled = 2 * (h * h + 2 * h);
  const forward = sequenceLength * token + predictions * predicted + pooled;
  return 3 * forward;
}
