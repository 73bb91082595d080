import type { Document } from '../documents.js';
import { linesOf } from '../files/files.js';
import type { Content } from '../files/writer.js';
import { isHeldOut } from '../heldout.js';
import { createTokenizer } from '../tokenizer/tokenizer.js';
import { collectTokens, type TokenisedDocuments } from '../tokens.js';
import { readDone } from './done.js';
import { emptyHistogram, countIn, type Histogram } from './histogram.js';
import { number5, poolShare, type Plan, type SplitName } from './plan.js';
import { lastTextStage, textFile } from './text-files.js';
import { choose, writeTokens } from './token-file.js';
import { readVocabulary, type VocabularyDone } from './vocabulary.js';
import type { Workshop } from './workshop.js';

/** What the tokens of one split of a piece came to. */
export interface TokensOfSplit {
  readonly documents: number;
  readonly sentences: number;
  readonly tokens: number;
  readonly unknown: number;
  readonly file: Content;
  /** The share of the pool of random next sentences that lies in this piece. */
  readonly pool: Content;
  readonly sentenceLengths: Histogram;
  readonly documentLengths: Histogram;
}

export interface TokensDone extends Readonly<Record<SplitName, TokensOfSplit>> {
  /** One bit for each id of the vocabulary, set where the piece uses it; base64. */
  readonly used: string;
}

export const tokensFile = (piece: number, split: SplitName, kind: 'tokens' | 'pool'): string =>
  `tokens/${number5(piece)}.${split}.${kind}`;

/**
 * Characters that a token has at most, by far: by it a piece knows which of its documents may come into the pool before anyone has
 * counted the tokens of all.
 */
const longestTokens = 8;

/** Documents of one piece to tokens, split by split. */
export async function writeTokensOf(piece: number, plan: Plan, shop: Workshop): Promise<TokensDone> {
  const { options, sizes } = plan;
  const vocabulary = await readVocabulary(shop);
  const { characters } = await readDone<VocabularyDone>(shop.work, 'vocabulary', 0);
  const tokenizer = createTokenizer(vocabulary, options);
  const collectors = { train: collectTokens(tokenizer), heldout: collectTokens(tokenizer) };
  let pages = 0;
  for await (const line of linesOf(shop.work, textFile(lastTextStage(plan), piece, 'spool'))) {
    const document = JSON.parse(line) as Document;
    const split = isHeldOut(document.page, options.heldOutShare, options.seed) ? 'heldout' : 'train';
    collectors[split].add(document);
    shop.tell({ pages: ++pages });
    await shop.breathe();
  }
  const used = new Uint8Array(Math.ceil(vocabulary.pieces.length / 8));
  const threshold = Math.min(1, (longestTokens * sizes.poolTokens) / Math.max(1, characters));
  const write = async (split: SplitName): Promise<TokensOfSplit> => {
    const documents = collectors[split].finish();
    // By index: an iterator takes several times as long for each of millions.
    for (let at = 0; at < documents.tokens.length; at++) {
      const id = documents.tokens[at] as number;
      used[id >> 3] = (used[id >> 3] as number) | (1 << (id & 7));
    }
    const drawn = Array.from(documents.pages, (page, index) => ({ index, share: poolShare(options.seed, page) }))
      .filter(({ share }) => share < threshold)
      .map(({ index }) => index);
    return {
      ...countsOf(documents, vocabulary.special.unk),
      file: await writeTokens(shop, tokensFile(piece, split, 'tokens'), documents),
      pool: await writeTokens(shop, tokensFile(piece, split, 'pool'), choose(documents, drawn)),
    };
  };
  const [train, heldout] = [await write('train'), await write('heldout')];
  return { train, heldout, used: Buffer.from(used).toString('base64') };
}

function countsOf(documents: TokenisedDocuments, unk: number): Omit<TokensOfSplit, 'file' | 'pool'> {
  const { sentenceStarts, documentStarts, tokens, pages } = documents;
  const sentenceLengths = emptyHistogram();
  for (let at = 0; at + 1 < sentenceStarts.length; at++) {
    countIn(sentenceLengths, (sentenceStarts[at + 1] as number) - (sentenceStarts[at] as number));
  }
  const documentLengths = emptyHistogram();
  for (let at = 0; at < pages.length; at++) {
    const [first, end] = [documentStarts[at] as number, documentStarts[at + 1] as number];
    countIn(documentLengths, (sentenceStarts[end] as number) - (sentenceStarts[first] as number));
  }
  let unknown = 0;
  for (let at = 0; at < tokens.length; at++) if (tokens[at] === unk) unknown++;
  return {
    documents: pages.length,
    sentences: sentenceStarts.length - 1,
    tokens: tokens.length,
    unknown,
    sentenceLengths,
    documentLengths,
  };
}
