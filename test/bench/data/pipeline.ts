import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { alternately } from '../harness/alternate.js';
import { machine } from '../harness/machine.js';
import type { Report } from '../harness/report.js';
import { Samples } from '../harness/samples.js';
import { figure } from '../harness/table.js';
import { cpuOf, runOurs } from './child.js';
import type { Files } from './files.js';
import { programs, type Peers } from './peers.js';

const MB = 1e6;
const stageNames = ['inflate', 'scan', 'clean', 'sentences', 'tokens'];

/** Dump to shards, ours and the chain of the old recipe, in MB of XML a second of processor time. */
export async function measurePipeline(files: Files, peers: Peers, rounds: number): Promise<Report> {
  const { vocabulary, warmUp, warmUpPacked, packed, plain, xmlBytes } = files;
  const ours = (dump: string) => () =>
    Promise.resolve(
      runOurs<{ cpu: number }>('pipeline-ours', [vocabulary, warmUp, warmUpPacked, dump, files.folder]).cpu,
    );
  const outcomes = await alternately(rounds, [
    { name: 'packed', measure: ours(packed) },
    { name: 'plain', measure: ours(plain) },
    { name: 'chain', measure: () => Promise.resolve(chain(files, peers)) },
  ]);
  const speed = (name: string): number => xmlBytes / MB / medianOf(outcomes.get(name) ?? []);
  const stages = Array.from({ length: rounds }, () =>
    runOurs<{ seconds: Record<string, number> }>('stages-ours', [vocabulary, warmUp, warmUpPacked, packed, plain]),
  );
  const stage = (name: string): number => medianOf(stages.map(({ seconds }) => seconds[name] ?? NaN));
  const whole = medianOf(outcomes.get('packed') ?? []);
  const rest = whole - stageNames.reduce((sum, name) => sum + stage(name), 0);
  const [fromPacked, fromPlain, ofChain] = ['packed', 'plain', 'chain'].map(speed) as [number, number, number];
  return {
    what: `Dump to shards (sequences of 128, the vocabulary of BERT base uncased), ${figure(xmlBytes / MB)} MB of English XML, code warmed up on other text; per second of processor time, median of ${rounds}`,
    versions: { ...machine(['@foxglove/wasm-bz2']), ...peers.versions },
    heads: ['', 'MB of XML/s', 'share %'],
    rows: [
      ['ours, from .xml.bz2', fromPacked, 100],
      ...stageNames.map((name) => [`  ${name}`, xmlBytes / MB / stage(name), (100 * stage(name)) / whole]),
      ['  spool, pairs, shards, hashes', xmlBytes / MB / rest, (100 * rest) / whole],
      ['ours, from plain .xml', fromPlain, null],
      ['WikiExtractor + BERT in Python, from .xml.bz2', ofChain, null],
    ],
    notes: [
      'Stages are measured apart in another process, so they need not add up exactly; the rest is what the whole takes beyond them.',
      'The chain splits sentences by a pattern where the recipe has NLTK, and draws no masks: both in its favour.',
    ],
    bars: [
      { name: 'from .xml.bz2', value: fromPacked, unit: 'MB/s', must: { atLeast: 8 } },
      { name: 'from plain .xml', value: fromPlain, unit: 'MB/s', must: { atLeast: 12 } },
      { name: 'against the chain', value: fromPacked / ofChain, unit: 'times', must: { atLeast: 4 } },
    ],
    line: `data pipeline: ${figure(fromPacked)} MB/s from bz2, ${figure(fromPlain)} MB/s from XML, chain ${figure(ofChain)} MB/s`,
  };
}

function chain({ folder, packed, vocabulary }: Files, { python }: Peers): number {
  const text = join(folder, 'extracted');
  rmSync(text, { recursive: true, force: true });
  const extract = ['-m', 'wikiextractor.WikiExtractor', '--no-templates', '--processes', '1', '-o', text, packed];
  const seconds = cpuOf(python, extract, folder);
  return seconds + cpuOf(python, ['-B', join(programs, 'chain.py'), vocabulary, text, join(folder, 'chain.pickle')]);
}

function medianOf(values: readonly number[]): number {
  return Samples.of(values).percentile(50);
}
