import { CorpusError } from '../error.js';
import type { Shard } from '../manifest.js';
import type { StaticMasks } from '../shards/shard.js';
import { readVocabularyFile } from '../vocabulary/file.js';
import { parseVocabulary, type Vocabulary } from '../vocabulary/vocabulary.js';
import { setName, shardPath } from './names.js';
import { type OldSample, readOldSamples } from './pickle/read.js';
import { Window } from './pickle/window.js';
import { ShardWriter } from './shard-writer.js';

/** Every parameter of a conversion beside the vocabulary. */
export interface ConvertOptions {
  /** Special tokens included; a longer sample is refused. */
  readonly sequenceLength: number;
  readonly samplesPerShard: number;
  /** Share of the tokens of a held-out sample that are masked once and for all. */
  readonly maskProbability: number;
  /** Of the static masks: all else in a conversion is as it was. */
  readonly seed: number;
}

export interface ConvertRequest {
  /** Path of a `.bin` file. */
  readonly file: string;
  /** Its name in its folder, by which messages and shards call it: with the same name it gives the same bytes. */
  readonly name: string;
  readonly split: 'train' | 'heldout';
  /** Path of the vocab.txt whose tokens it holds. */
  readonly vocabulary: string;
  /** Folder of the dataset; the file's shards are written below it, over those that an earlier try left. */
  readonly outDir: string;
  readonly options: ConvertOptions;
}

/** What came of one file: all that the dataset's manifest needs of it. */
export interface ConvertedFile {
  readonly name: string;
  readonly split: 'train' | 'heldout';
  readonly bytes: number;
  readonly sha256: string;
  readonly samples: number;
  /** Samples whose second part is a random one. */
  readonly randomNext: number;
  readonly shards: readonly Shard[];
}

export interface ConvertProgress {
  /** Bytes of the file that are read, and all of it. */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly samples: number;
}

/**
 * Converts one `.bin` file of the old recipe to shards of ours, sample for sample in the order of the file. Depends on no other
 * file, and equal requests give equal bytes. Keeps the processor busy and blocks on reads: see `convertFileInThread`.
 * @throws CorpusError where the file is none of the old recipe's, is damaged, or holds a token or sample that does not fit
 */
export async function convertFile(
  request: ConvertRequest,
  onProgress: (progress: ConvertProgress) => void = () => undefined,
): Promise<ConvertedFile> {
  const { name, split, options } = request;
  const vocabulary = parseVocabulary(await readVocabularyFile(request.vocabulary), request.vocabulary);
  const writer = writerFor(request, vocabulary);
  const window = new Window(request.file, name);
  try {
    for (const sample of readOldSamples(window, vocabulary)) {
      refuseTooLong(sample, options.sequenceLength, name, writer.samples);
      writer.add(sample);
      if (!writer.isFull) continue;
      await writer.flush();
      onProgress({ bytes: window.offset, totalBytes: window.size, samples: writer.samples });
    }
    await writer.flush();
    const { samples, randomNext, shards } = writer;
    return { name, split, bytes: window.size, sha256: window.sha256(), samples, randomNext, shards };
  } finally {
    window.close();
  }
}

function writerFor({ name, split, outDir, options }: ConvertRequest, vocabulary: Vocabulary): ShardWriter {
  const set = setName(options.sequenceLength);
  return new ShardWriter({
    dir: outDir,
    path: (index) => shardPath(set, split, name, index),
    samplesPerShard: options.samplesPerShard,
    origin: (sample) => `${name}/${sample}`,
    masks: split === 'train' ? undefined : masksFor(set, options, vocabulary),
  });
}

function masksFor(set: string, { seed, maskProbability }: ConvertOptions, vocabulary: Vocabulary): StaticMasks {
  const { special, pieces } = vocabulary;
  return {
    seed,
    set,
    probability: maskProbability,
    maskId: special.mask,
    vocabularySize: pieces.length,
    specialIds: new Set(Object.values(special)),
  };
}

function refuseTooLong({ aStart, aEnd, bStart, bEnd }: OldSample, most: number, name: string, number: number): void {
  const length = aEnd - aStart + (bEnd - bStart) + 3;
  if (length <= most) return;
  throw new CorpusError(
    `${name}, sample ${number} is ${length} tokens long with [CLS] and [SEP], and the set takes ${most}; name the sequence length that the file was made with.`,
  );
}
