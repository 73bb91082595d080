import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { formatVocabulary } from '../../corpus/vocabulary/vocabulary.js';
import { bertha } from '../../installation.js';
import { tools } from '../../stack/places.js';
import { writeOldFiles } from '../corpus/recipe/written.js';
import { root } from '../house/root.js';
import { largeFile, madeUpVocabulary } from './convert/plan.js';
import { alternately } from './harness/alternate.js';
import { flags } from './harness/flags.js';
import { machine } from './harness/machine.js';
import { present, type Report } from './harness/report.js';
import { Samples } from './harness/samples.js';

/** For the list of benches. */
export const about =
  "a .bin file of the old recipe to shards of ours, and Python's own unpickling and id lookup of the same file";

/** What a side prints of one go. Seconds, bytes. */
interface Outcome {
  readonly read: number;
  readonly whole: number;
  readonly wholeCpu: number;
  readonly peak: number;
  readonly samples: number;
  readonly tokens: number;
  readonly version?: string;
}

/** `npm run bench -- convert [--rounds N] [--json]`. @returns exit code: 1 where a bar is missed */
export async function main(args: string[]): Promise<number> {
  const { json, rounds } = flags(args, { rounds: 5 });
  const folder = bertha('bench', 'convert');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [file, words] = [join(folder, 'part.bin'), join(folder, 'vocab.txt')];
  const vocabulary = madeUpVocabulary();
  writeFileSync(words, formatVocabulary(vocabulary));
  writeOldFiles([largeFile(file, vocabulary)]);
  const outcomes = await alternately(rounds, [
    { name: 'ours', measure: () => Promise.resolve(ours(file, words, folder)) },
    { name: 'Python', measure: () => Promise.resolve(python(file, words)) },
  ]);
  const { size } = statSync(file);
  const report = reportOf(outcomes.get('ours') ?? [], outcomes.get('Python') ?? [], size);
  rmSync(folder, { recursive: true, force: true });
  return present(report, json);
}

function ours(file: string, words: string, folder: string): Outcome {
  const script = fileURLToPath(new URL('./convert/ours.js', import.meta.url));
  return parsed(execFileSync(process.execPath, [script, file, words, join(folder, 'out')], { encoding: 'utf8' }));
}

function python(file: string, words: string): Outcome {
  const env = { ...process.env, PYTHONPATH: join(root, 'test', 'corpus', 'recipe') };
  const script = join(root, 'test', 'bench', 'convert', 'peer.py');
  return parsed(execFileSync(tools().python, ['-B', script, file, words], { encoding: 'utf8', env }));
}

const parsed = (text: string) => JSON.parse(text) as Outcome;

function reportOf(us: readonly Outcome[], them: readonly Outcome[], size: number): Report {
  const speed = (sides: readonly Outcome[], of: 'read' | 'whole' | 'wholeCpu') =>
    size / 1e6 / Samples.of(sides.map((side) => side[of])).percentile(50);
  const peak = (sides: readonly Outcome[]) => Math.max(...sides.map((side) => side.peak)) / 1e6;
  const ratio = speed(us, 'whole') / speed(them, 'whole');
  const [first, other] = [us[0], them[0]];
  const isSame = first?.samples === other?.samples && first?.tokens === other?.tokens;
  return {
    what: `a file of ${(size / 1e6).toFixed(0)} MB with ${first?.samples} samples of ${first?.tokens} tokens, medians of ${us.length} goes each, alternately`,
    versions: { ...machine(), python: other?.version ?? 'unknown' },
    heads: ['', 'reading, MB/s', 'whole, MB/s', 'whole, MB/s of CPU', 'peak, MB'],
    rows: [
      ['ours: to shards, hashed', speed(us, 'read'), speed(us, 'whole'), speed(us, 'wholeCpu'), peak(us)],
      [
        'Python: pickle.load, then a dict',
        speed(them, 'read'),
        speed(them, 'whole'),
        speed(them, 'wholeCpu'),
        peak(them),
      ],
    ],
    notes: [
      'Reading is unpickling: ours to ids, with the sha256 of the file; Python to lists of strings. The whole is with a lookup of every token',
      'in Python, which writes nothing; with shards written and hashed in ours. MB are of the pickle.',
    ],
    bars: [
      { name: 'whole conversion against load and lookup', value: ratio, unit: 'x', must: { atLeast: 1 } },
      { name: 'samples and tokens are the same on both sides', value: isSame ? 1 : 0, unit: '', must: { atLeast: 1 } },
    ],
    line: `convert: ${speed(us, 'whole').toFixed(0)} MB/s of pickle, ${ratio.toFixed(1)}x Python's load and lookup`,
  };
}
