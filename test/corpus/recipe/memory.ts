import { readOldSamples } from '../../../corpus/recipe/pickle/read.js';
import { Window } from '../../../corpus/recipe/pickle/window.js';
import { parseVocabulary } from '../../../corpus/vocabulary/vocabulary.js';
import { readFileSync } from 'node:fs';

/** Reads the file of the first argument with the vocabulary of the second, and prints the samples and the most memory that took. */
const [file = '', vocabulary = ''] = process.argv.slice(2);
const window = new Window(file, file);
let samples = 0;
let tokens = 0;
for (const { aStart, aEnd, bStart, bEnd } of readOldSamples(
  window,
  parseVocabulary(readFileSync(vocabulary, 'utf8'), vocabulary),
)) {
  samples++;
  tokens += aEnd - aStart + bEnd - bStart;
}
console.log(JSON.stringify({ samples, tokens, rss: process.resourceUsage().maxRSS * 1024 }));
