import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createTokenizer } from '../../../corpus/tokenizer/tokenizer.js';
import { parseVocabulary } from '../../../corpus/vocabulary/vocabulary.js';
import { alternately } from '../harness/alternate.js';
import { machine } from '../harness/machine.js';
import type { Report } from '../harness/report.js';
import { Samples } from '../harness/samples.js';
import { figure } from '../harness/table.js';
import { cpuOf, runJson, runOurs } from './child.js';
import type { Files } from './files.js';
import { programs, type Peers } from './peers.js';

interface Outcome {
  readonly cpu: number;
  readonly tokens: number;
}

/** Text to ids on one thread, ours and the peers' on the same lines, which none has seen before; the code is warmed up on other text. */
export async function measureTokenizers(files: Files, peers: Peers, rounds: number): Promise<Report> {
  const { vocabulary, warmUpLines, lines, lineBytes, folder } = files;
  const json = join(folder, 'tokenizer.json');
  const save = `from tokenizers import BertWordPieceTokenizer as T; T(${JSON.stringify(vocabulary)}, lowercase=True).save(${JSON.stringify(json)})`;
  cpuOf(peers.python, ['-c', save]);
  const python = (kind: string) => () =>
    Promise.resolve(
      runJson<Outcome>(peers.python, ['-B', join(programs, 'tokenize-peer.py'), kind, vocabulary, warmUpLines, lines]),
    );
  const node = [join(programs, 'tokenize-node.mjs'), peers.folder, json, warmUpLines, lines];
  const outcomes = await alternately(rounds, [
    {
      name: 'ours',
      measure: () => Promise.resolve(runOurs<Outcome>('tokenize-ours', [vocabulary, warmUpLines, lines])),
    },
    { name: 'HF tokenizers from Python', measure: python('hf') },
    { name: 'HF tokenizers from Node.js', measure: () => Promise.resolve(runJson<Outcome>(process.execPath, node)) },
    { name: 'nanotoken (report only)', measure: python('nano') },
  ]);
  const rows = [...outcomes].map(([name, all]) => {
    const speed = lineBytes / 1e6 / Samples.of(all.map(({ cpu }) => cpu)).percentile(50);
    return { name, speed, tokens: all[0]?.tokens ?? NaN };
  });
  const [ours, hfPython, hfNode] = rows.map(({ speed }) => speed) as [number, number, number];
  const { lineCount, different } = compareWithReference(files, peers);
  const ratio = ours / Math.max(hfPython, hfNode);
  return {
    what: `Text to ids, ${figure(lineBytes / 1e6)} MB of English sentences seen for the first time, one thread, per second of processor time, median of ${rounds}`,
    versions: { ...machine(), ...peers.versions },
    heads: ['', 'MB/s', 'tokens'],
    rows: rows.map(({ name, speed, tokens }) => [name, speed, tokens]),
    notes: [
      `Ids were compared with the algorithm of google-research/bert in Python on ${lineCount} lines of English, Latgalian and Bulgarian; test/corpus/tokenizer.test.ts does so with its own ids.`,
    ],
    bars: [
      { name: 'against the faster of HF', value: ratio, unit: 'times', must: { atLeast: 5 } },
      {
        name: 'lines with other ids than the reference',
        value: different,
        unit: 'lines',
        must: { be: 0, tolerance: 0 },
      },
    ],
    line: `data tokenizer: ${figure(ours)} MB/s, ${figure(ratio)} times HF tokenizers`,
  };
}

/** Lines of several languages of which our ids are not those of the reference. */
function compareWithReference(
  { vocabulary, lines, warmUpLines, bulgarian, folder }: Files,
  { python }: Peers,
): { lineCount: number; different: number } {
  const texts = [lines, warmUpLines, bulgarian];
  const out = join(folder, 'reference-ids.txt');
  cpuOf(python, ['-B', join(programs, 'reference-ids.py'), vocabulary, out, ...texts]);
  const expected = readFileSync(out, 'utf8').split('\n').slice(0, -1);
  const tokenizer = createTokenizer(parseVocabulary(readFileSync(vocabulary, 'utf8'), vocabulary), {
    lowercase: true,
    maxWordLength: 100,
  });
  const found = texts.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => tokenizer.encode(line).join(' ')),
  );
  if (found.length !== expected.length)
    throw new Error(`The reference read ${expected.length} lines, ours ${found.length}.`);
  return { lineCount: found.length, different: found.filter((ids, index) => ids !== expected[index]).length };
}
