import { readFileSync } from 'node:fs';

import { TokenBuffer } from '../../../corpus/tokenizer/buffer.js';
import { createTokenizer } from '../../../corpus/tokenizer/tokenizer.js';
import { parseVocabulary } from '../../../corpus/vocabulary/vocabulary.js';

// tokenize-ours.js VOCABULARY WARM-UP FILE: as the peers' programs do.
const [vocabulary = '', warmUp = '', file = ''] = process.argv.slice(2);
const tokenizer = createTokenizer(parseVocabulary(readFileSync(vocabulary, 'utf8'), vocabulary), {
  lowercase: true,
  maxWordLength: 100,
});
const encode = (lines: readonly string[]): number => {
  const buffer = new TokenBuffer();
  for (const line of lines) tokenizer.encodeInto(line, buffer);
  return buffer.length;
};
const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n');
encode(linesOf(warmUp));
const lines = linesOf(file);
const before = process.cpuUsage();
const tokens = encode(lines);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpu: (user + system) / 1e6, tokens }));
