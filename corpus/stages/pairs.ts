import { poolOf, type Pool } from '../pairs.js';
import { keyLimit, samplesOf, type Sample } from '../samples.js';
import { cutLongSentences } from '../segments.js';
import { createFile, type Content } from '../files/writer.js';
import type { TokenisedDocuments } from '../tokens.js';
import type { Vocabulary } from '../vocabulary/vocabulary.js';
import { readDone } from './done.js';
import { number5, setName, type Plan, type SplitName } from './plan.js';
import { poolFile, type PoolDone } from './pool.js';
import { recordBytes, writeRecord } from './record.js';
import { readTokens } from './token-file.js';
import { tokensFile, type TokensDone } from './tokens.js';
import { readVocabulary } from './vocabulary.js';
import type { Workshop } from './workshop.js';

/** The samples of a piece for one set. */
export type PairsDone = Readonly<Record<SplitName, SamplesOfSplit>>;

export interface SamplesOfSplit {
  /** Samples in each bucket. */
  readonly counts: readonly number[];
  readonly file: Content;
}

export const pairsStage = (sequenceLength: number): string => `pairs-${setName(sequenceLength)}`;

/** The file begins with the place of each bucket and of its own end: F64, in bytes from its start. */
export const samplesFile = (sequenceLength: number, piece: number, split: SplitName): string =>
  `${pairsStage(sequenceLength)}/${number5(piece)}.${split}.samples`;

/** Pairs the documents of one piece for one set, and writes the samples bucket by bucket: samples of near keys lie together. */
export async function writePairs(piece: number, set: number, plan: Plan, shop: Workshop): Promise<PairsDone> {
  const length = plan.options.sequenceLengths[set] as number;
  const vocabulary = await readVocabulary(shop);
  const tokens = await readDone<TokensDone>(shop.work, 'tokens', piece);
  const { pools, buckets } = await readDone<PoolDone>(shop.work, 'pool', 0);
  const write = async (split: SplitName): Promise<SamplesOfSplit> => {
    const documents = await readTokens(shop, tokensFile(piece, split, 'tokens'), tokens[split].file);
    const pool = await readTokens(shop, poolFile(split), pools[split]);
    const count = buckets[`${setName(length)}/${split}`] as number;
    return writeSplit({ piece, length, split, plan, shop, vocabulary, buckets: count }, documents, pool);
  };
  return { train: await write('train'), heldout: await write('heldout') };
}

interface Job {
  readonly piece: number;
  readonly length: number;
  readonly split: SplitName;
  readonly plan: Plan;
  readonly shop: Workshop;
  readonly vocabulary: Vocabulary;
  readonly buckets: number;
}

async function writeSplit(job: Job, own: TokenisedDocuments, other: TokenisedDocuments): Promise<SamplesOfSplit> {
  const longest = Math.floor((job.length - 3) / 2);
  const documents = cutLongSentences(own, longest, job.vocabulary);
  const pool = poolOf(cutLongSentences(other, longest, job.vocabulary));
  const samples = await draw(job, documents, pool);
  const file = await createFile(job.shop.work, samplesFile(job.length, job.piece, job.split), job.shop.scratch);
  // Within a bucket samples stay in the order of their documents.
  const inBuckets = Array.from({ length: job.buckets }, (): Sample[] => []);
  for (const sample of samples) (inBuckets[Math.floor((sample.key / keyLimit) * job.buckets)] as Sample[]).push(sample);
  const index = new Float64Array(job.buckets + 1);
  index[0] = index.byteLength;
  inBuckets.forEach((of, bucket) => (index[bucket + 1] = (index[bucket] as number) + bytesOf(of)));
  await file.write(Buffer.from(index.buffer));
  for (const bucket of inBuckets) {
    const records = Buffer.allocUnsafeSlow(bytesOf(bucket));
    const units = new Uint16Array(records.buffer);
    let at = 0;
    for (const sample of bucket) {
      at = writeRecord(records, units, at, sample, documents.tokens, (sample.isRandomNext ? other : documents).tokens);
    }
    await file.write(records);
    await job.shop.breathe();
  }
  return { counts: inBuckets.map(({ length }) => length), file: await file.finish() };
}

function bytesOf(samples: readonly Sample[]): number {
  return samples.reduce((sum, sample) => sum + recordBytes(sample), 0);
}

async function draw(job: Job, documents: TokenisedDocuments, pool: Pool): Promise<Sample[]> {
  const { length, split, plan, shop } = job;
  const { seed, shortSequenceProbability, dupeFactor } = plan.options;
  const options = { seed, shortSequenceProbability, room: length - 3 };
  const samples: Sample[] = [];
  const passes = split === 'train' ? dupeFactor : 1;
  for (let pass = 0; pass < passes; pass++) {
    for (let document = 0; document < documents.pages.length; document++) {
      for (const sample of samplesOf(documents, document, pool, `${setName(length)}/${split}`, pass, options)) {
        samples.push(sample);
      }
      shop.tell({ samples: samples.length });
      await shop.breathe();
    }
  }
  return samples;
}
