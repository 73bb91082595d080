import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf } from '../../corpus/random.js';
import { createTokenizer } from '../../corpus/tokenizer/tokenizer.js';
import { visitWords } from '../../corpus/tokenizer/basic.js';
import { parseVocabulary } from '../../corpus/vocabulary/vocabulary.js';
import { sharedData, vocabularyOf } from './fixture.js';

function words(text: string, lowercase = true): string[] {
  const found: string[] = [];
  visitWords(text, lowercase, (word) => found.push(word));
  return found;
}

describe('corpus: tokenizer', () => {
  const cases: Array<[behaviour: string, text: string, words: string[]]> = [
    [
      'lower-cases and splits at every ASCII sign',
      "Don't pay $3.50^2",
      ['don', "'", 't', 'pay', '$', '3', '.', '50', '^', '2'],
    ],
    ['strips accents', 'Café ÅNGSTRÖM e\u0301', ['cafe', 'angstrom', 'e']],
    ['puts every ideograph apart', 'ab東京c', ['ab', '東', '京', 'c']],
    ['removes control and format characters without splitting', 'a\u0001b\u200bc\u00add', ['abcd']],
    ['splits at every kind of space', 'a\u00a0b\u3000c\u2028d\te', ['a', 'b', 'c', 'd', 'e']],
    ['gives a final sigma where a word ends', 'ΟΔΟΣ ΣΑΣ', ['οδος', 'σας']],
    ['splits at punctuation beyond ASCII', '«a»—b…', ['«', 'a', '»', '—', 'b', '…']],
  ];
  for (const [behaviour, text, expected] of cases) it(behaviour, () => assert.deepEqual(words(text), expected));

  it('keeps case and accents when cased', () => {
    assert.deepEqual(words('Café ABC', false), ['Café', 'ABC']);
  });

  const vocabulary = vocabularyOf(['un', '##able', '##a', '##ff', 'a', 'aff', '[', ']', 'mask', '##b']);
  const tokenizer = createTokenizer(vocabulary, { lowercase: true, maxWordLength: 10 });
  const pieces = (text: string): string[] => [...tokenizer.encode(text)].map((id) => vocabulary.pieces[id] as string);

  it('takes the longest piece first', () => {
    assert.deepEqual(pieces('unaffable'), ['un', '##a', '##ff', '##able']);
    assert.deepEqual(pieces('affa'), ['aff', '##a']);
  });

  it('gives one [UNK] for a word it cannot cover and for one that is too long', () => {
    assert.deepEqual(pieces('unzap a'), ['[UNK]', 'a']);
    assert.deepEqual(pieces('abbbbbbbbb'), ['a', ...Array<string>(9).fill('##b')]);
    assert.deepEqual(pieces('abbbbbbbbbb'), ['[UNK]']);
  });

  it('counts characters, not halves of pairs, and takes words of any length', () => {
    const pairs = createTokenizer(vocabularyOf(['𝒳', '##𝒳']), { lowercase: false, maxWordLength: 10 });
    assert.equal(pairs.encode('𝒳'.repeat(10)).length, 10);
    assert.deepEqual([...pairs.encode('𝒳'.repeat(11))], [1]);
    assert.deepEqual(words('X'.repeat(300_000)), ['x'.repeat(300_000)]);
    assert.deepEqual([...pairs.encode('y'.repeat(300_000))], [1]);
  });

  it('finds the same pieces whether a word is one as a whole or not', () => {
    const greedy = (word: string, all: ReadonlySet<string>): string[] => {
      const found: string[] = [];
      for (let start = 0; start < word.length; start += (found.at(-1) as string).replace('##', '').length) {
        const prefix = start === 0 ? '' : '##';
        const lengths = Array.from({ length: word.length - start }, (_, shorter) => word.length - start - shorter);
        const longest = lengths.find((length) => all.has(prefix + word.slice(start, start + length)));
        if (longest === undefined) return ['[UNK]'];
        found.push(prefix + word.slice(start, start + longest));
      }
      return found;
    };
    const random = randomOf('words');
    const word = (alphabet: string): string =>
      Array.from({ length: 1 + random.below(6) }, () => alphabet[random.below(alphabet.length)]).join('');
    const own = new Set(Array.from({ length: 400 }, (_, n) => (n % 2 === 0 ? '' : '##') + word('abcé')));
    const ofOwn = vocabularyOf([...own]);
    for (const lowercase of [true, false]) {
      const encoder = createTokenizer(ofOwn, { lowercase, maxWordLength: 10 });
      for (let round = 0; round < 3000; round++) {
        const text = word(lowercase ? 'abcABC' : 'abcéA');
        const found = [...encoder.encode(text)].map((id) => ofOwn.pieces[id]);
        assert.deepEqual(found, greedy(lowercase ? text.toLowerCase() : text, own), text);
      }
    }
  });

  it('takes the name of a special token in a text for text', () => {
    assert.deepEqual(pieces('[MASK]'), ['[', 'mask', ']']);
  });

  it('gives the ids of the reference on the edge cases', function () {
    const data = sharedData(this);
    const read = (name: string): string => readFileSync(join(data, name), 'utf8');
    const reference = createTokenizer(parseVocabulary(read('bert-base-uncased-vocab.txt'), 'vocab.txt'), {
      lowercase: true,
      maxWordLength: 100,
    });
    const lines = read('tokenizer-edge.txt').split('\n');
    const expected = read('tokenizer-edge.google-ids.txt').split('\n');
    assert.ok(lines.length > 20 && lines.length === expected.length);
    lines.forEach((line, index) => assert.equal([...reference.encode(line)].join(' '), expected[index], line));
  });
});
