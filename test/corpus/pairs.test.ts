import assert from 'node:assert/strict';
import { comesBefore, originOf, samplesOf, type Sample } from '../../corpus/samples.js';
import { pairsOf, poolOf, type Pair } from '../../corpus/pairs.js';
import { randomOf } from '../../corpus/random.js';
import { cutLongSentences } from '../../corpus/segments.js';
import type { TokenisedDocuments } from '../../corpus/tokens.js';
import { vocabularyOf } from './fixture.js';

/** Documents whose sentences have these lengths. */
function documentsOf(lengths: readonly number[][], id: (position: number) => number = () => 5): TokenisedDocuments {
  const sentenceStarts = [0];
  const documentStarts = [0];
  for (const document of lengths) {
    for (const length of document) sentenceStarts.push((sentenceStarts.at(-1) as number) + length);
    documentStarts.push(sentenceStarts.length - 1);
  }
  const tokens = Uint16Array.from({ length: sentenceStarts.at(-1) as number }, (_, position) => id(position));
  return { pages: lengths.map((_, index) => index + 1), tokens, sentenceStarts, documentStarts };
}

const many = documentsOf(
  Array.from({ length: 60 }, (_, n) => Array.from({ length: 3 + (n % 25) }, (_, s) => 3 + ((n + s) % 11))),
);
const options = { room: 29, shortSequenceProbability: 0.1 };

function bounds(documents: TokenisedDocuments, document: number): [number, number] {
  const { sentenceStarts, documentStarts } = documents;
  return [
    sentenceStarts[documentStarts[document] as number] as number,
    sentenceStarts[documentStarts[document + 1] as number] as number,
  ];
}

function allPairs(documents: TokenisedDocuments, round = 0): Array<{ document: number; pair: Pair }> {
  return Array.from(documents.pages).flatMap((page, document) =>
    [...pairsOf(documents, document, poolOf(documents), randomOf('test', round, page), options)].map((pair) => ({
      document,
      pair,
    })),
  );
}

describe('corpus: next-sentence pairs', () => {
  it('are labelled by fact: random text is of another document, actual text follows in the same one', () => {
    for (const { document, pair } of allPairs(many)) {
      const [start, end] = bounds(many, document);
      assert.ok(pair.aStart >= start && pair.aEnd <= end);
      const isOfSame = pair.bStart >= start && pair.bEnd <= end;
      assert.equal(isOfSame, !pair.isRandomNext);
      if (isOfSame) assert.ok(pair.bStart >= pair.aEnd);
    }
  });

  it('are random next half of the time, chunk for chunk a fair coin', () => {
    const pairs = Array.from({ length: 20 }, (_, round) => allPairs(many, round)).flat();
    const share = pairs.filter(({ pair }) => pair.isRandomNext).length / pairs.length;
    assert.ok(pairs.length > 5000 && Math.abs(share - 0.5) < 0.02, `${share} of ${pairs.length}`);
  });

  it('have two parts that are not empty and fit the room', () => {
    for (const { pair } of allPairs(many)) {
      const [a, b] = [pair.aEnd - pair.aStart, pair.bEnd - pair.bStart];
      assert.ok(a > 0 && b > 0 && a + b <= options.room);
    }
  });

  it('are all actual ones when there is no other document', () => {
    const alone = documentsOf([Array<number>(50).fill(8)]);
    const pairs = allPairs(alone);
    assert.ok(pairs.length > 5 && pairs.every(({ pair }) => !pair.isRandomNext));
  });

  it('use every sentence of a document', () => {
    for (let document = 0; document < many.pages.length; document++) {
      const used = new Set<number>();
      const wide = { room: 4000, shortSequenceProbability: 1 };
      for (const { aStart, aEnd, bStart, bEnd } of pairsOf(
        many,
        document,
        poolOf(many),
        randomOf('use', document),
        wide,
      )) {
        for (let token = aStart; token < aEnd; token++) used.add(token);
        for (let token = bStart; token < bEnd; token++) used.add(token);
      }
      const [start, end] = bounds(many, document);
      for (let token = start; token < end; token++)
        assert.ok(used.has(token), `token ${token} of document ${document}`);
    }
  });

  it('take random text from the pool, which may hold this document or not, and never from this one', () => {
    const apart = documentsOf(Array.from({ length: 40 }, () => [5, 5, 5]));
    const pools = [documentsOf([[5, 5, 5]]), apart];
    for (const documents of pools) {
      const pool = poolOf(documents);
      for (let document = 0; document < 40; document++) {
        const [start, end] = document < documents.pages.length ? bounds(documents, document) : [-1, -1];
        const pairs = [...pairsOf(apart, document, pool, randomOf('pool', document), options)];
        for (const { isRandomNext, bStart } of pairs) {
          assert.ok(!isRandomNext || bStart < start || bStart >= end);
          if (document === 0 && documents.pages.length === 1) assert.equal(isRandomNext, false);
        }
      }
    }
  });

  it('are shuffled the same way for the same seed and another way for another', () => {
    const draw = (seed: number): Sample[] =>
      Array.from(many.pages)
        .flatMap((_, document) =>
          [0, 1].flatMap((pass) => [
            ...samplesOf(many, document, poolOf(many), 'seq-0032/train', pass, { ...options, seed }),
          ]),
        )
        .sort(comesBefore);
    const samples = draw(1);
    assert.deepEqual(draw(1), samples);
    assert.notDeepEqual(draw(2), samples);
    const inOrder = samples.map(({ page }) => page);
    assert.notDeepEqual(
      inOrder,
      inOrder.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(samples.map(originOf)).size, samples.length);
  });
});

describe('corpus: cutting long sentences', () => {
  const vocabulary = vocabularyOf(['word', '##piece', ',']);
  const [word, piece, comma] = [5, 6, 7];

  it('leaves no piece longer than the limit, loses no token and keeps short sentences whole', () => {
    const documents = documentsOf(
      [
        [40, 6, 14],
        [15, 100],
      ],
      (position) => (position % 3 === 1 ? piece : word),
    );
    const { sentenceStarts, documentStarts } = cutLongSentences(documents, 14, vocabulary);
    const starts = Array.from(sentenceStarts);
    starts.slice(1).forEach((start, index) => {
      const length = start - (starts[index] as number);
      assert.ok(length > 0 && length <= 14, `${length}`);
    });
    for (const start of Array.from(documents.sentenceStarts)) assert.ok(starts.includes(start));
    assert.equal(starts[documentStarts[1] as number], 60);
    assert.equal(starts.at(-1), documents.tokens.length);
  });

  it('cuts between words, after a comma where one is near', () => {
    const documents = documentsOf([[20]], (position) => (position === 8 ? comma : position % 2 === 1 ? piece : word));
    assert.deepEqual(Array.from(cutLongSentences(documents, 14, vocabulary).sentenceStarts), [0, 10, 20]);
    const withComma = documentsOf([[20]], (position) => (position === 8 ? comma : word));
    assert.deepEqual(Array.from(cutLongSentences(withComma, 14, vocabulary).sentenceStarts), [0, 9, 20]);
  });
});
