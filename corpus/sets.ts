import { CorpusError } from './error.js';
import { isHeldOut } from './heldout.js';
import type { DatasetManifest, Split } from './manifest.js';
import type { Preparation } from './options.js';
import type { ProgressMeter } from './progress.js';
import { drawSamples } from './samples.js';
import { cutLongSentences } from './segments.js';
import { writeShards } from './shards/write.js';
import { readSpool } from './spool.js';
import { createTokenizer } from './tokenizer/tokenizer.js';
import { collectTokens, type TokenisedDocuments } from './tokens.js';
import type { Vocabulary } from './vocabulary/vocabulary.js';

type SplitName = 'train' | 'heldout';
type Sets = DatasetManifest['sets'];

/** Second pass: documents to tokens once, then to a set of shards for each sequence length. */
export async function writeSets(
  dir: string,
  spool: string,
  vocabulary: Vocabulary,
  options: Preparation,
  meter: ProgressMeter,
): Promise<Sets> {
  meter.update({ stage: 'tokenize' });
  const documents = await tokeniseSplits(spool, vocabulary, options, meter);
  meter.update({ stage: 'pair' });
  const sets: Sets = [];
  let samples = 0;
  for (const sequenceLength of options.sequenceLengths) {
    const name = `seq-${String(sequenceLength).padStart(4, '0')}`;
    const write = async (split: SplitName): Promise<Split> => {
      const written = await writeSplit(dir, name, split, sequenceLength, documents[split], vocabulary, options, meter);
      meter.update({ samples: (samples += written.samples) });
      return written;
    };
    sets.push({ name, sequenceLength, train: await write('train'), heldout: await write('heldout') });
  }
  return sets;
}

async function tokeniseSplits(
  spool: string,
  vocabulary: Vocabulary,
  options: Preparation,
  meter: ProgressMeter,
): Promise<Record<SplitName, TokenisedDocuments>> {
  const tokenizer = createTokenizer(vocabulary, options);
  const collectors = { train: collectTokens(tokenizer), heldout: collectTokens(tokenizer) };
  for await (const document of readSpool(spool)) {
    const split = isHeldOut(document.page, options.heldOutShare, options.seed) ? 'heldout' : 'train';
    collectors[split].add(document);
    await meter.breathe();
  }
  const documents = { train: collectors.train.finish(), heldout: collectors.heldout.finish() };
  refuseTooFew(documents, options);
  return documents;
}

/** A pair of sentences that do not follow each other needs two pages, on either side. */
function refuseTooFew({ train, heldout }: Record<SplitName, TokenisedDocuments>, options: Preparation): void {
  const [inTraining, apart] = [train.pages.length, heldout.pages.length];
  if (inTraining >= 2 && apart >= 2) return;
  throw new CorpusError(
    `The dump gives ${inTraining} pages to train on and ${apart} held out, and either needs two at least: ` +
      `take a larger dump, or change heldOutShare (${options.heldOutShare}) or seed (${options.seed}).`,
  );
}

async function writeSplit(
  dir: string,
  set: string,
  split: SplitName,
  sequenceLength: number,
  documents: TokenisedDocuments,
  vocabulary: Vocabulary,
  options: Preparation,
  meter: ProgressMeter,
): Promise<Split> {
  const { seed, shortSequenceProbability } = options;
  const room = sequenceLength - 3;
  const segments = cutLongSentences(documents, Math.floor(room / 2), vocabulary);
  const passes = split === 'train' ? options.dupeFactor : 1;
  const path = `${set}/${split}`;
  const samples = await drawSamples(segments, path, passes, seed, { room, shortSequenceProbability }, () =>
    meter.breathe(),
  );
  const { special, pieces } = vocabulary;
  const masks = {
    seed,
    set,
    probability: options.maskProbability,
    maskId: special.mask,
    vocabularySize: pieces.length,
    specialIds: new Set(Object.values(special)),
  };
  return writeShards(
    dir,
    path,
    samples,
    segments.tokens,
    options.samplesPerShard,
    split === 'train' ? undefined : masks,
  );
}
