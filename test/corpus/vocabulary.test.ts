import assert from 'node:assert/strict';
import { trainVocabulary } from '../../corpus/vocabulary/train.js';
import { formatVocabulary, parseVocabulary } from '../../corpus/vocabulary/vocabulary.js';

const counts = new Map([
  ['low', 50],
  ['lower', 20],
  ['lowest', 10],
  ['new', 30],
  ['newer', 25],
  ['newest', 30],
  ['wide', 3],
  ['x', 1],
]);

describe('corpus: vocabulary', () => {
  it('starts with the special tokens, [PAD] being 0', () => {
    const { pieces, special } = trainVocabulary(counts, 64);
    assert.deepEqual(pieces.slice(0, 5), ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']);
    assert.deepEqual(special, { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 });
  });

  it('joins the most frequent neighbours first', () => {
    const { pieces } = trainVocabulary(counts, 64);
    const merged = pieces.filter((piece) => piece.replace('##', '').length > 1 && !piece.startsWith('['));
    // "n ##e", "##e ##w" and "##w ##e" are neighbours 85 times each; the smallest left id, that of "##e", settles it.
    assert.equal(merged[0], '##ew');
    assert.ok(merged.includes('low') && merged.includes('new') && merged.includes('newest'));
    assert.ok(!pieces.includes('x'), 'a character that occurs once is left to [UNK]');
  });

  it('never exceeds the size and has no piece twice', () => {
    const { pieces } = trainVocabulary(counts, 30);
    assert.ok(pieces.length <= 30);
    assert.equal(new Set(pieces).size, pieces.length);
  });

  it('does not depend on the order of the words', () => {
    const reversed = new Map([...counts].reverse());
    assert.deepEqual(trainVocabulary(reversed, 64).pieces, trainVocabulary(counts, 64).pieces);
  });

  it('comes back from its file', () => {
    const vocabulary = trainVocabulary(counts, 64);
    assert.deepEqual(parseVocabulary(formatVocabulary(vocabulary), 'vocab.txt').pieces, vocabulary.pieces);
  });

  it('refuses a file without a special token, naming it', () => {
    assert.throws(
      () => parseVocabulary('[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n', 'my.txt'),
      /my.txt lacks the special token \[MASK\]/,
    );
  });

  it('refuses more entries than 16 bits can number', () => {
    const many = Array.from({ length: 65_537 }, (_, n) => `p${n}`).join('\n');
    assert.throws(() => parseVocabulary(many, 'big.txt'), /65537 entries/);
  });
});
