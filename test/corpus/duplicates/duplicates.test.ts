import assert from 'node:assert/strict';
import { findDuplicates, mostDocuments, refuseTooMany, type Signatures } from '../../../corpus/duplicates/clusters.js';
import { likenessAt, signatureLength, signatureOf } from '../../../corpus/duplicates/signature.js';
import { createRandom } from '../random.js';

const random = createRandom(77);

/** A text of `count` made-up words; `changed` of them, a share, are drawn anew. */
function textOf(words: readonly string[], changed = 0): string[] {
  return [words.map((word) => (random() < changed ? `other${Math.floor(random() * 1e6)}` : word)).join(' ')];
}

const wordsOf = (name: string, count = 600): string[] =>
  Array.from({ length: count }, (_, n) => `${name}${(n * n) % 997}`);
interface Signed {
  readonly page: number;
  readonly signature: Uint16Array;
}
const signed = (page: number, sentences: readonly string[]): Signed => ({ page, signature: signatureOf(sentences) });

function together(documents: readonly Signed[]): Signatures {
  const values = new Uint16Array(documents.length * signatureLength);
  documents.forEach(({ signature }, n) => values.set(signature, n * signatureLength));
  return { pages: Float64Array.from(documents, ({ page }) => page), values };
}

/** Which documents go, by their place, and which stay for them. */
function found(documents: readonly Signed[], least = 0.8): [goes: number, stays: number][] {
  const stays = findDuplicates(together(documents), least);
  return [...stays].map((kept, n): [number, number] => [n, kept]).filter(([n, kept]) => n !== kept);
}

function likeness(one: Uint16Array, other: Uint16Array): number {
  return likenessAt(Uint16Array.from([...one, ...other]), 0, 1);
}

describe('corpus: near duplicates', () => {
  it('are alike by the share of the runs of words that they have in common', () => {
    const one = wordsOf('a');
    assert.equal(likeness(signatureOf(textOf(one)), signatureOf([`${one.join(', ').toUpperCase()}!`])), 1);
    assert.equal(likeness(signatureOf(textOf(one)), signatureOf(textOf(wordsOf('b')))), 0);
    // Half of the words in common, as one stretch: a third of all runs.
    const half = [...one.slice(0, 300), ...wordsOf('c', 300)];
    const estimates = ['x', 'y', 'z', 'v', 'w', 'u'].map((tag) =>
      likeness(signatureOf([half.map((w) => w + tag).join(' ')]), signatureOf([one.map((w) => w + tag).join(' ')])),
    );
    const mean = estimates.reduce((sum, each) => sum + each, 0) / estimates.length;
    assert.ok(Math.abs(mean - 1 / 3) < 0.12, `${mean}`);
  });

  it('leave the lowest page of a cluster, in whatever order they come', () => {
    const documents = [
      ...[40, 7, 19].map((page) => signed(page, textOf(wordsOf('a'), 0.004))),
      ...[3, 50].map((page) => signed(page, textOf(wordsOf('b'), 0.004))),
      ...[1, 2, 60].map((page) => signed(page, textOf(wordsOf(`own${page}-`)))),
    ];
    const expected = new Map([
      [19, 7],
      [40, 7],
      [50, 3],
    ]);
    for (let round = 0; round < 20; round++) {
      const shuffled = documents.map((document) => ({ document, key: random() })).sort((x, y) => x.key - y.key);
      const mixed = shuffled.map(({ document }) => document);
      const pairs = found(mixed).map((pair) => pair.map((n) => mixed[n]?.page ?? -1) as [number, number]);
      assert.deepEqual(
        pairs.sort(([x], [y]) => x - y),
        [...expected],
      );
    }
  });

  it('are none where texts only share a topic', () => {
    const documents = Array.from({ length: 200 }, (_, page) => signed(page, textOf(wordsOf('a'), 0.3)));
    assert.deepEqual(found(documents), []);
  });

  it('may be very short, and are equal then only if all their words are', () => {
    const [one, same, other, empty] = ['Just this.', 'just THIS', 'Just that.', ''].map((text, page) =>
      signed(page, [text]),
    );
    assert.ok(one && same && other && empty);
    assert.deepEqual(found([one, same, other, empty]), [[1, 0]]);
  });

  it('of one id leave the first in the input', () => {
    const [one, other] = [signed(8, textOf(wordsOf('a'))), signed(8, textOf(wordsOf('b')))];
    const lower = signed(3, textOf(wordsOf('b')));
    assert.deepEqual(found([one, other, one, other, lower]), [
      [1, 4],
      [2, 0],
      [3, 4],
    ]);
  });

  it('are not looked for among more pages than fit the memory that is promised', () => {
    assert.doesNotThrow(() => refuseTooMany(mostDocuments));
    assert.throws(() => refuseTooMany(mostDocuments + 1), /9,000,000 pages at most, .* 900 MB, and here are 9,000,001/);
  });

  it('are found among very many of one form without comparing all with all', function () {
    this.timeout(10_000);
    const form = signatureOf(textOf(wordsOf('form')));
    const pairs = found(Array.from({ length: 50_000 }, (_, page) => ({ page: page + 5, signature: form })));
    assert.deepEqual([pairs.length, pairs.at(-1)], [49_999, [49_999, 0]]);
  });
});
