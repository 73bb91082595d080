// Text of wikitext pages by wtf_wikipedia: JSON lines of {id, text} in, the same out, the text being plain. extract-wtf.mjs PEERS IN OUT
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder, pages, out] = process.argv.slice(2);
const wtf = createRequire(join(folder, 'package.json'))('wtf_wikipedia');
const lines = readFileSync(pages, 'utf8').trim().split('\n');
const texts = lines.map((line) => {
  const { id, text } = JSON.parse(line);
  return JSON.stringify({ id, text: wtf(text).text() });
});
writeFileSync(out, texts.join('\n'));
