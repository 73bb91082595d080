import { CorpusError } from '../error.js';
import type { Content } from '../files/writer.js';
import type { TokenisedDocuments } from '../tokens.js';
import { readDone } from './done.js';
import { poolShare, setName, type Plan, type SplitName } from './plan.js';
import { choose, joined, readTokens, writeTokens } from './token-file.js';
import { tokensFile, type TokensDone } from './tokens.js';
import { inOrder, type Workshop } from './workshop.js';

/** The pools of random next sentences, and in how many buckets the samples of each set fall. */
export interface PoolDone {
  readonly pools: Readonly<Record<SplitName, Content>>;
  /** By set and split, `seq-0128/train`. */
  readonly buckets: Readonly<Record<string, number>>;
}

export const poolFile = (split: SplitName): string => `pool/${split}.tokens`;

/** Bytes of a sample beside its tokens; see record.ts. */
const bytesBeside = 28;
const mostBuckets = 4096;

/** Merges the pieces' shares of the pools: documents in the order of their draw, until the next one does not fit. */
export async function mergePools(plan: Plan, shop: Workshop): Promise<PoolDone> {
  const { options, sizes, pieces } = plan;
  const done = await inOrder(pieces.length, 8, (piece) => readDone<TokensDone>(shop.work, 'tokens', piece));
  const total = (split: SplitName, what: 'documents' | 'tokens'): number =>
    done.reduce((sum, one) => sum + one[split][what], 0);
  refuseTooFew(total('train', 'documents'), total('heldout', 'documents'), options);
  const merge = async (split: SplitName): Promise<Content> => {
    let waiting: TokenisedDocuments[] = [];
    const draw = (): TokenisedDocuments => firstDrawn(joined(waiting), options.seed, sizes.poolTokens);
    for (const [piece, one] of done.entries()) {
      waiting.push(await readTokens(shop, tokensFile(piece, split, 'pool'), one[split].pool));
      const held = waiting.reduce((sum, { tokens }) => sum + tokens.length, 0);
      if (held > 2 * sizes.poolTokens) waiting = [draw()];
      await shop.breathe();
    }
    return writeTokens(shop, poolFile(split), draw());
  };
  const buckets = options.sequenceLengths.flatMap((length) => [
    [`${setName(length)}/train`, bucketsFor(total('train', 'tokens') * options.dupeFactor, length, plan)] as const,
    [`${setName(length)}/heldout`, bucketsFor(total('heldout', 'tokens'), length, plan)] as const,
  ]);
  return {
    pools: { train: await merge('train'), heldout: await merge('heldout') },
    buckets: Object.fromEntries(buckets),
  };
}

function firstDrawn(documents: TokenisedDocuments, seed: number, mostTokens: number): TokenisedDocuments {
  const { pages, documentStarts, sentenceStarts } = documents;
  const drawn = Array.from(pages, (page, index) => ({ page, index, share: poolShare(seed, page) }));
  drawn.sort((a, b) => a.share - b.share || a.page - b.page);
  let tokens = 0;
  const fits = drawn.findIndex(({ index }) => {
    const [first, end] = [documentStarts[index] as number, documentStarts[index + 1] as number];
    tokens += (sentenceStarts[end] as number) - (sentenceStarts[first] as number);
    return tokens > mostTokens;
  });
  // A pool of one document would hold no other one for it.
  const kept = fits < 0 ? drawn : drawn.slice(0, Math.max(2, fits));
  return choose(
    documents,
    kept.map(({ index }) => index),
  );
}

function bucketsFor(tokens: number, sequenceLength: number, { sizes }: Plan): number {
  const samples = tokens / (sequenceLength - 3);
  const bytes = 2 * tokens + bytesBeside * samples;
  return Math.max(1, Math.min(mostBuckets, Math.ceil(bytes / sizes.bucketBytes)));
}

/** A pair of sentences that do not follow each other needs two pages; with one page held out its pairs are all actual ones. */
function refuseTooFew(inTraining: number, apart: number, options: Plan['options']): void {
  if (inTraining >= 2 && apart >= 1) return;
  throw new CorpusError(
    `The dump gives ${inTraining} pages to train on and ${apart} held out, where two and one are needed at least: ` +
      `take a larger dump, or change heldOutShare (${options.heldOutShare}) or seed (${options.seed}).`,
  );
}
