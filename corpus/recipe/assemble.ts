import { CorpusError } from '../error.js';
import { sha256 } from '../identity.js';
import { contentIdOf, type DatasetManifest, type Split } from '../manifest.js';
import { formatVocabulary, type Vocabulary } from '../vocabulary/vocabulary.js';
import type { ConvertedFile, ConvertOptions } from './convert-file.js';
import { inNaturalOrder, setName } from './names.js';

/** Grows with every change that gives other bytes for the same files and options. */
export const converterVersion = 1;

/**
 * The manifest of a dataset of converted files, whatever order they come in: shards stand in the natural order of the files'
 * names. The vocabulary is to be written beside it as `vocab.txt`, by `formatVocabulary`.
 * @param name what people call the dataset
 * @throws CorpusError where a split has no sample, or two files of one split have one name
 */
export function assembleConverted(
  files: readonly ConvertedFile[],
  vocabulary: Vocabulary,
  name: string,
  options: ConvertOptions,
): DatasetManifest {
  const ordered = files.toSorted((a, b) => inNaturalOrder(a.name, b.name));
  const { sequenceLength } = options;
  const [train, heldout] = [splitOf(ordered, 'train'), splitOf(ordered, 'heldout')];
  const parts = {
    format: 'bertha-dataset/1' as const,
    createdFrom: {
      converter: converterVersion,
      files: ordered.map(({ name: file, split, bytes, sha256: hash, samples }) => {
        return { file, split, bytes, sha256: hash, samples };
      }),
      options: { ...options },
    },
    vocabulary: {
      file: 'vocab.txt',
      size: vocabulary.pieces.length,
      sha256: sha256(formatVocabulary(vocabulary)),
      special: vocabulary.special,
    },
    sets: [{ name: setName(sequenceLength), sequenceLength, train, heldout }],
    // Such files do not tell pages apart, and no text is read that Unicode's tables would be asked about.
    pages: { in: 0, out: 0, skipped: {} },
    unicodeVersion: 'none',
  };
  return { ...parts, name, contentId: contentIdOf(parts) };
}

function splitOf(ordered: readonly ConvertedFile[], split: 'train' | 'heldout'): Split {
  const files = ordered.filter((file) => file.split === split);
  const samples = sum(files.map((file) => file.samples));
  if (samples === 0) {
    throw new CorpusError(
      `The ${files.length} files of the split ${split} hold no sample: a dataset needs some to train on and some held out.`,
    );
  }
  const twice = files.find(({ name }, index) => files[index + 1]?.name === name);
  if (twice !== undefined)
    throw new CorpusError(`Two files of the split ${split} are called ${twice.name}; rename one.`);
  const shards = files.flatMap((file) => file.shards);
  return {
    samples,
    tokens: sum(shards.map(({ tokens }) => tokens)),
    randomNextRatio: Number((sum(files.map(({ randomNext }) => randomNext)) / samples).toFixed(6)),
    shards,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
