import { readFileSync } from 'node:fs';

import { inflateBzip2 } from '../../../corpus/bzip2/inflate.js';
import { localFile } from '../../../corpus/input/local.js';
import { openInput } from '../../../corpus/input/open.js';
import { readPiece } from '../../../corpus/input/read.js';
import { PrepareOptionsSchema } from '../../../corpus/options.js';
import type { Page } from '../../../corpus/page.js';
import { skipReason } from '../../../corpus/select.js';
import { sentenceSplitter } from '../../../corpus/sentences.js';
import { TokenBuffer } from '../../../corpus/tokenizer/buffer.js';
import { createTokenizer } from '../../../corpus/tokenizer/tokenizer.js';
import { parseVocabulary } from '../../../corpus/vocabulary/vocabulary.js';
import { cleanWikitext } from '../../../corpus/wikitext/clean.js';
import { rounds, warmUpInflate } from './warm-up.js';

// stages-ours.js VOCABULARY WARM-UP PACKED-WARM-UP PACKED PLAIN: the stages from dump to tokens apart, after other dumps; prints processor seconds of each.
const [vocabulary = '', warmUp = '', warmUpPacked = '', packed = '', plain = ''] = process.argv.slice(2);
const options = PrepareOptionsSchema.parse({});
const tokenizer = createTokenizer(parseVocabulary(readFileSync(vocabulary, 'utf8'), vocabulary), options);
const seconds: Record<string, number> = {};

async function timed<T>(stage: string, work: () => T | Promise<T>): Promise<T> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  seconds[stage] = (user + system) / 1e6;
  return result;
}

async function pass(packedFile: string | undefined, plainFile: string): Promise<void> {
  if (packedFile !== undefined) {
    await timed('inflate', async () => {
      for await (const _ of inflateBzip2(await localFile(packedFile)));
    });
  }
  const input = await openInput(await localFile(plainFile));
  const pages = await timed('scan', async () => {
    const all: Page[] = [];
    for await (const page of readPiece(input).pages) if (skipReason(page, options) === undefined) all.push(page);
    return all;
  });
  const drop = new Set(options.dropSections.map((heading) => heading.toLowerCase()));
  const blocks = await timed('clean', () => pages.map(({ text }) => cleanWikitext(text, input.site, drop)));
  const split = sentenceSplitter('en', options.minSentenceWords);
  const losses = { short: 0, fragment: 0, hole: 0, markup: 0 };
  const sentences = await timed('sentences', () => blocks.map((page) => page.flatMap((block) => split(block, losses))));
  await timed('wordpiece', () => {
    const buffer = new TokenBuffer();
    for (const page of sentences) for (const sentence of page) tokenizer.encodeInto(sentence, buffer);
  });
}

await warmUpInflate(warmUpPacked);
for (let round = 0; round < rounds; round++) await pass(undefined, warmUp);
await pass(packed, plain);
console.log(JSON.stringify({ seconds }));
