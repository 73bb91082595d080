import { readFileSync } from 'node:fs';
import { convertFile } from '../../../corpus/recipe/convert-file.js';
import { readOldSamples } from '../../../corpus/recipe/pickle/read.js';
import { Window } from '../../../corpus/recipe/pickle/window.js';
import { parseVocabulary } from '../../../corpus/vocabulary/vocabulary.js';

/** A process of its own: reads, then converts the file of the first argument, and prints what each took. */
const [file = '', vocabulary = '', outDir = ''] = process.argv.slice(2);

function read(): number {
  const window = new Window(file, file);
  let tokens = 0;
  for (const { aStart, aEnd, bStart, bEnd } of readOldSamples(
    window,
    parseVocabulary(readFileSync(vocabulary, 'utf8'), vocabulary),
  ))
    tokens += aEnd - aStart + bEnd - bStart;
  window.close();
  return tokens;
}

const options = { sequenceLength: 512, samplesPerShard: 10_000, maskProbability: 0.15, seed: 42 };
const began = performance.now();
const tokens = read();
const readDone = performance.now();
const cpu = process.cpuUsage();
const { samples } = await convertFile({ file, name: 'part.bin', split: 'train', vocabulary, outDir, options });
const { user, system } = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    read: (readDone - began) / 1000,
    whole: (performance.now() - readDone) / 1000,
    wholeCpu: (user + system) / 1e6,
    peak: process.resourceUsage().maxRSS * 1024,
    samples,
    tokens,
  }),
);
