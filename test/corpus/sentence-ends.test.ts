import assert from 'node:assert/strict';
import { localFile } from '../../corpus/input/local.js';
import { openInput } from '../../corpus/input/open.js';
import { readPiece } from '../../corpus/input/read.js';
import { randomOf } from '../../corpus/random.js';
import { endsBy, findSentenceEnds, goesByTheseRules } from '../../corpus/sentence-ends.js';
import { cleanWikitext } from '../../corpus/wikitext/clean.js';
import { bertha } from '../../installation.js';

const segmenterOf = (language: string): Intl.Segmenter => new Intl.Segmenter(language, { granularity: 'sentence' });
const english = segmenterOf('en');

describe('corpus: the ends of sentences', function () {
  this.timeout(30_000);

  it('are those of the segmenter, in 60,000 texts made up of signs with a meaning', () => {
    const all = Array.from({ length: 0x2040 - 0x20 }, (_, n) => String.fromCharCode(0x20 + n));
    const known = all.filter((sign) => findSentenceEnds(sign) !== undefined);
    assert.ok(known.length > 600, `${known.length}`);
    const random = randomOf('ends');
    const oneOf = (signs: readonly string[]): string => signs[random.below(signs.length)] as string;
    const frequent = [...'...!? .  "\')([aAbB1,;:-–—…”’«»ªя§'];
    const lengths = Array.from({ length: 60_000 }, () => 1 + random.below(10));
    // Every sign behind and before a full stop, then whatever comes.
    const texts = [
      ...known.flatMap((sign) => [`a. ${sign} b`, `a.${sign}B`, `${sign}.B`, `1. ${sign}`, `A! ${sign}b`]),
      ...lengths.map((length) =>
        Array.from({ length }, () => (random.below(5) > 0 ? oneOf(frequent) : oneOf(known))).join(''),
      ),
    ];
    for (const text of texts) assert.deepEqual(findSentenceEnds(text), endsBy(english, text), JSON.stringify(text));
  });

  it('are those of the segmenter in the English excerpt, and are told of nearly all of it', async () => {
    const dump = 'enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2';
    const input = await openInput(await localFile(bertha('data', dump)));
    let [told, all] = [0, 0];
    for await (const page of readPiece(input).pages) {
      for (const { text } of cleanWikitext(page.text, input.site, new Set())) {
        all += text.length;
        const ends = findSentenceEnds(text);
        if (ends === undefined) continue;
        told += text.length;
        assert.deepEqual(ends, endsBy(english, text), text);
      }
    }
    assert.ok(told > 0.9 * all, `${told} of ${all}`);
  });

  it('are not told of a text with signs that the rules do not know', () => {
    for (const sign of ['東', '。', 'e\u0301', '\u00ad', '\u2028', '\n', '\ud83d\ude00', 'ـ']) {
      assert.equal(findSentenceEnds(`A. ${sign} B.`), undefined, sign);
    }
  });

  it('are asked of the segmenter where a language has other rules', () => {
    assert.equal(goesByTheseRules(english), true);
    assert.equal(goesByTheseRules(segmenterOf('bg')), true);
    assert.equal(goesByTheseRules(segmenterOf('el')), false);
  });
});
