import { join } from 'node:path';

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
    { name: 'ours', measure: () => Promise.resolve(runOurs<Outcome>('tokenize-ours', [vocabulary, warmUpLines, lines])) },
    { name: 'HF tokenizers from Python', measure: python('hf') },
    { name: 'HF tokenizers from Node.js', measure: () => Promise.resolve(runJson<Outcome>(process.execPath, node)) },
    { name: 'nanotoken (report only)', measure: python('nano') },
  ]);
  const rows = [...outcomes].map(([name, all]) => {
    const speed = lineBytes / 1e6 / Samples.of(all.map(({ cpu }) => cpu)).percentile(50);
    return { name, speed, tokens: all[0]?.tokens ?? NaN };
  });
  const [ours, hfPython, hfNode] = rows.map(({ speed }) => speed) as [number, number, number];
  const ratio = ours / Math.max(hfPython, hfNode);
  return {
    what: `Text to ids, ${figure(lineBytes / 1e6)} MB of English sentences seen for the first time, one thread, per second of processor time, median of ${rounds}`,
    versions: { ...machine(), ...peers.versions },
    heads: ['', 'MB/s', 'tokens'],
    rows: rows.map(({ name, speed, tokens }) => [name, speed, tokens]),
    notes: ['The ids are compared with those of google-research/bert in test/corpus/tokenizer.test.ts.'],
    bars: [{ name: 'against the faster of HF', value: ratio, unit: 'times', must: { atLeast: 5 } }],
    line: `data tokenizer: ${figure(ours)} MB/s, ${figure(ratio)} times HF tokenizers`,
  };
}
