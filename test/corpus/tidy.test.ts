import assert from 'node:assert/strict';
import { randomOf } from '../../corpus/random.js';
import { polish, polished } from '../../corpus/wikitext/polish.js';
import { isTidy } from '../../corpus/wikitext/tidy.js';

/** Everything that polishing looks for, and signs that it passes over. */
const signs = [
  ...'aZ9é東 \t\n\r\u00a0\u2009\u3000\u0085\u00ad\u200b\u200d\u2028\u2060\ufeff.,;:!?()[]|<>–—-\'"“”',
  '-->',
];

describe('corpus: a text that is tidy', () => {
  it('is one that polishing changes nothing of', () => {
    const random = randomOf('tidy');
    let tidy = 0;
    for (let round = 0; round < 100_000; round++) {
      // Few texts of all signs are tidy: most rounds take few other signs among letters.
      const sign = (): string => (random.below(4) > 0 ? 'a' : (signs[random.below(signs.length)] as string));
      const text = Array.from({ length: 1 + random.below(12) }, sign).join('');
      assert.equal(polish(text), polished(text), JSON.stringify(text));
      if (isTidy(text)) tidy++;
    }
    assert.ok(tidy > 10_000, `${tidy}`);
  });

  it('is what most prose is: commas, stops and brackets where they belong', () => {
    assert.equal(isTidy('Anarchism (from Greek: an-archos) is old; it holds, among others, that 3 > 2 is so.'), false);
    assert.equal(isTidy('Anarchism (from Greek: an-archos) is old; it holds, among others, that it is so.'), true);
    for (const text of [' a', 'a ', 'a  b', 'a .', '(a )', '( a)', '()', 'a,,b', 'a\u00a0b', 'a|b', '[a', '(–a)']) {
      assert.equal(isTidy(text), false, text);
    }
  });
});
