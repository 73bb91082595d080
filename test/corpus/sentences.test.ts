import assert from 'node:assert/strict';
import { sentenceSplitter } from '../../corpus/sentences.js';
import { cleanWikitext } from '../../corpus/wikitext/clean.js';
import { parseSite } from '../../corpus/site.js';

const split = sentenceSplitter('en', 3);

function sentences(text: string, isListItem = false): string[] {
  return split({ text, isListItem }, { short: 0, fragment: 0, hole: 0, markup: 0 });
}

describe('corpus: sentences', () => {
  const whole = [
    'The book by J. R. R. Tolkien was read by Dr. Smith and Mr. Jones.',
    'Animals, e.g. The Cat, are shown in Fig. 3 and on pp. 4 to 9.',
    'He moved to the U.S. Senate in Jan. 1990 with Brig. Gen. Buell.',
    'It has approx. 300 rooms, see Johnson Jr. Hall for more.',
    'The method (see Smith. It is old) works well.',
  ];
  for (const text of whole) it(`keeps together: ${text}`, () => assert.deepEqual(sentences(text), [text]));

  it('breaks after abbreviations where a new sentence starts', () => {
    const parts = ['They live in the U.S.', 'The family sells cars, boats, etc.', 'It is old.'];
    assert.deepEqual(sentences(parts.join(' ')), parts);
  });

  it('breaks at question and exclamation marks', () => {
    assert.deepEqual(sentences('Who are you then? I am nobody! Nobody at all.'), [
      'Who are you then?',
      'I am nobody!',
      'Nobody at all.',
    ]);
  });

  it('counts what it leaves out, by reason', () => {
    const losses = { short: 0, fragment: 0, hole: 0, markup: 0 };
    const blocks = cleanWikitext(
      'Too short. This one is good enough.\n\n* A list item of words without an end\n\nLet <math>\\frac12</math> be half of it.',
      parseSite(''),
      new Set(),
    );
    const kept = blocks.flatMap((block) => split(block, losses));
    kept.push(...split({ text: 'A left over {{ brace is dropped.', isListItem: false }, losses));
    assert.deepEqual(kept, ['This one is good enough.']);
    assert.deepEqual(losses, { short: 1, fragment: 1, hole: 1, markup: 1 });
  });

  it('keeps list items that are sentences', () => {
    assert.deepEqual(sentences('This item is a sentence.', true), ['This item is a sentence.']);
  });
});
