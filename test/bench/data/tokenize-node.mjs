// Tokenises the lines of a file with Hugging Face's tokenizers in Node.js, after those of another file, on one thread. Prints what it took.
// tokenize-node.mjs PEERS TOKENIZER.json WARM-UP FILE
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

process.env.TOKENIZERS_PARALLELISM = 'false';
process.env.RAYON_NUM_THREADS = '1';
const [folder, json, warmUp, file] = process.argv.slice(2);
const { Tokenizer } = createRequire(join(folder, 'package.json'))('tokenizers');
const tokenizer = Tokenizer.fromFile(json);
const linesOf = (path) => readFileSync(path, 'utf8').split('\n');
const encode = async (lines) => {
  const encodings = await tokenizer.encodeBatch(lines, { addSpecialTokens: false });
  return encodings.reduce((sum, encoding) => sum + encoding.getIds().length, 0);
};
await encode(linesOf(warmUp));
const lines = linesOf(file);
const before = process.cpuUsage();
const tokens = await encode(lines);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpu: (user + system) / 1e6, tokens }));
