import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { alternately } from '../harness/alternate.js';
import { machine } from '../harness/machine.js';
import type { Report } from '../harness/report.js';
import { Samples } from '../harness/samples.js';
import { figure, type Cell } from '../harness/table.js';
import { cpuOf, runOurs } from './child.js';
import type { Files } from './files.js';
import { programs, type Peers } from './peers.js';
import { rounds as warmUps } from './warm-up.js';
import { cpuIn, withWorkers, type Spent } from './workers.js';

const MB = 1e6;
/** Parts of two stages that are measured apart. */
const partsOf: Partial<Record<keyof Spent['cpu'], readonly string[]>> = {
  text: ['inflate', 'scan', 'clean', 'sentences'],
  tokens: ['wordpiece'],
};

/** What the pipeline is measured with: sequences of 128, the vocabulary of BERT. */
export function benchOptions({ vocabulary }: Files): object {
  return { vocabulary: { file: vocabulary }, sequenceLengths: [128], minPageSentences: 2 };
}

/** Dump to shards, ours and the chain of the old recipe, in MB of XML a second of processor time. */
export async function measurePipeline(files: Files, peers: Peers, rounds: number): Promise<Report> {
  const { vocabulary, warmUp, warmUpPacked, packed, plain, xmlBytes } = files;
  const packedSpent: Spent[] = [];
  const outcomes = await alternately(rounds, [
    {
      name: 'packed',
      measure: async () => {
        const spent = await prepareCold(packed, files);
        packedSpent.push(spent);
        return cpuIn(spent);
      },
    },
    { name: 'plain', measure: async () => cpuIn(await prepareCold(plain, files)) },
    { name: 'chain', measure: () => Promise.resolve(chain(files, peers)) },
  ]);
  const speed = (name: string): number => xmlBytes / MB / medianOf(outcomes.get(name) ?? []);
  const parts = Array.from({ length: rounds }, () =>
    runOurs<{ seconds: Record<string, number> }>('stages-ours', [vocabulary, warmUp, warmUpPacked, packed, plain]),
  );
  const part = (name: string): number => medianOf(parts.map(({ seconds }) => seconds[name] ?? NaN));
  const whole = medianOf(outcomes.get('packed') ?? []);
  const row = (name: string, seconds: number): Cell[] => [name, xmlBytes / MB / seconds, (100 * seconds) / whole];
  const names = Object.keys(packedSpent[0]?.cpu ?? {}) as (keyof Spent['cpu'])[];
  const [fromPacked, fromPlain, ofChain] = ['packed', 'plain', 'chain'].map(speed) as [number, number, number];
  return {
    what: `Dump to shards by a data worker (sequences of 128, the vocabulary of BERT base uncased), ${figure(xmlBytes / MB)} MB of English XML, code warmed up on other text; per second of processor time, median of ${rounds}`,
    versions: { ...machine(['@foxglove/wasm-bz2']), ...peers.versions },
    heads: ['', 'MB of XML/s', 'share %'],
    rows: [
      ['ours, from .xml.bz2', fromPacked, 100],
      ...names.flatMap((stage) => [
        row(`  ${stage}`, medianOf(packedSpent.map(({ cpu }) => cpu[stage]))),
        ...(partsOf[stage] ?? []).map((name) => row(`    ${name}, apart`, part(name))),
      ]),
      ['ours, from plain .xml', fromPlain, null],
      ['WikiExtractor + BERT in Python, from .xml.bz2', ofChain, null],
    ],
    notes: [
      'Stages are tasks in a thread of a worker process, as in production, and count all that the process takes for them: files, hashes, clearing memory. Parts measured apart need not add up.',
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

/** One preparation by a new worker whose code other dumps have warmed up, since a worker prepares a dump for hours. */
function prepareCold(dump: string, files: Files): Promise<Spent> {
  const { warmUp, warmUpPacked, folder } = files;
  const job = { folder: join(folder, 'pipeline'), options: benchOptions(files), sizes: {} };
  return withWorkers(1, async ({ prepare }) => {
    // Five pages: more of them held out, or there would be none.
    const ofFew = { ...job, dump: warmUpPacked, options: { ...job.options, heldOutShare: 0.4 } };
    for (let round = 0; round < 3 * warmUps; round++) await prepare(ofFew);
    for (let round = 0; round < warmUps; round++) await prepare({ ...job, dump: warmUp });
    return prepare({ ...job, dump });
  });
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
