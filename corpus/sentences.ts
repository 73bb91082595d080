import { goesOn } from './abbreviations.js';
import { endsBy, findSentenceEnds, goesByTheseRules } from './sentence-ends.js';
import type { Block } from './wikitext/blocks.js';
import { hole } from './wikitext/hole.js';
import { countWords } from './words.js';

/** Why a sentence is left out. */
export type SentenceLoss = 'short' | 'fragment' | 'hole' | 'markup';
/** Takes a block apart into the sentences worth training on; the others are counted in `losses`. */
export type SentenceSplitter = (block: Block, losses: Record<SentenceLoss, number>) => string[];

const leftover =
  /\{\{|\}\}|\[\[|\]\]|\{\||\|\}|<\/?(?:ref|math|table|div|span)\b|\|\||\d+px\b|\bthumb\||\w\s*=\s*\S+\s*\|/i;
/** One of these is in every leftover: a quick look for most sentences. */
const suspicious = /[{}[\]<|]|px/i;
const finished = /[.!?…。！？:;]["'”’»)\]]*$/u;
const fewWords = 8;

/**
 * @param language BCP 47 tag for the segmenter
 * @param minWords fewer words than this are no sentence
 */
export function sentenceSplitter(language: string, minWords: number): SentenceSplitter {
  const segments = segmentsOf(language);
  return (block, losses) =>
    split(segments(block.text)).filter((sentence) => {
      const loss = lossOf(sentence, block.isListItem, minWords);
      if (loss !== undefined) losses[loss]++;
      return loss === undefined;
    });
}

/** The segments of a text, by the rules that are faster than the segmenter wherever they are known to be its own. */
function segmentsOf(language: string): (text: string) => string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  const mayUseRules = goesByTheseRules(segmenter);
  return (text) => {
    const ends = (mayUseRules ? findSentenceEnds(text) : undefined) ?? endsBy(segmenter, text);
    return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
  };
}

/** The segmenter breaks after every full stop before a capital; what an abbreviation tore apart is joined again. */
function split(segments: readonly string[]): string[] {
  const sentences: string[] = [];
  let open = '';
  for (const segment of segments) {
    const joins = open !== '' && goesOn(open, segment);
    if (!joins && open !== '') sentences.push(open);
    open = joins ? `${open} ${segment.trim()}` : segment.trim();
  }
  if (open !== '') sentences.push(open);
  return sentences;
}

function lossOf(sentence: string, isListItem: boolean, minWords: number): SentenceLoss | undefined {
  if (sentence.includes(hole)) return 'hole';
  if (suspicious.test(sentence) && leftover.test(sentence)) return 'markup';
  const words = countWords(sentence, Math.max(minWords, fewWords));
  if (words < minWords) return 'short';
  const mayBeFragment = isListItem || words < fewWords;
  return mayBeFragment && !finished.test(sentence) ? 'fragment' : undefined;
}
