/** A sentence, and what it is compared by: its letters and digits, small. */
export interface Sentence {
  readonly text: string;
  readonly key: string;
}

const fewestWords = 5;
const leftover =
  /\{\{|\}\}|\[\[|\]\]|\{\||\|\}|<\/?(?:ref|math|table|div|span|br|small|nowiki)\b|\|\||'''|\bthumb\||^\s*[|!]/i;
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The sentences of a plain text, split in the same way for all sides; lines end sentences, short ones do not count. */
export function sentencesIn(text: string): Sentence[] {
  const found: Sentence[] = [];
  for (const line of text.split('\n')) {
    for (const { segment } of segmenter.segment(line.replace(/\s+/g, ' ').trim())) {
      const words = segment.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
      if (words.length >= fewestWords) found.push({ text: segment.trim(), key: words.join('') });
    }
  }
  return found;
}

/** Whether markup is left in a sentence. */
export function isLeftover(text: string): boolean {
  return leftover.test(text);
}
