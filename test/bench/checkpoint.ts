import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { bertha } from '../../installation.js';
import { tools } from '../../stack/places.js';
import { root } from '../house/root.js';
import { flags } from './harness/flags.js';
import { machine } from './harness/machine.js';
import { present, type Report } from './harness/report.js';
import { Samples } from './harness/samples.js';

/** For the list of benches. */
export const about = 'checkpoints beside training against torch.save, and resuming against one pass over the files';

/** What a save cost: seconds that training stood still, all seconds lost, seconds of a calm step. */
interface Cost {
  readonly stall: number;
  readonly lost: number;
  readonly step: number;
}

interface Round {
  readonly ours: Cost;
  readonly theirs: Cost;
  readonly writing: number;
  readonly resume: number;
  readonly pass: number;
  readonly bytes: number;
}

interface Measured {
  readonly torch: string;
  readonly threads: number;
  readonly rounds: readonly Round[];
}

/** `npm run bench -- checkpoint [--rounds N] [--json]`. @returns exit code: 1 where a bar is missed */
export async function main(args: string[]): Promise<number> {
  const { json, rounds } = flags(args, { rounds: 5 });
  const folder = bertha('bench', 'checkpoint');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    return present(reportOf(measure(folder, rounds)), json);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(folder: string, rounds: number): Measured {
  const script = join(root, 'test', 'bench', 'checkpoint', 'measure.py');
  const env = { ...process.env, PYTHONPATH: join(root, 'training') };
  const text = execFileSync(tools().python, ['-B', script, folder, String(rounds)], { encoding: 'utf8', env });
  return JSON.parse(text) as Measured;
}

function reportOf({ torch, threads, rounds }: Measured): Report {
  const median = (of: (round: Round) => number) => Samples.of(rounds.map(of)).percentile(50);
  const [stall, lost, resume] = [
    median(({ ours, theirs }) => ours.stall / theirs.stall),
    median(({ ours, theirs }) => ours.lost / theirs.lost),
    median((round) => round.resume / round.pass),
  ];
  const row = (name: string, side: 'ours' | 'theirs', beside: number | null) =>
    [name, median((round) => round[side].stall), median((round) => round[side].lost), beside] as const;
  return {
    what: `a state of ${(median(({ bytes }) => bytes) / 1e9).toFixed(2)} GB under training, medians of ${rounds.length} pairs, alternately`,
    versions: { ...machine(), torch, threads: String(threads) },
    heads: ['', 'stall, s', 'lost in all, s', 'beside training, s'],
    rows: [
      [
        ...row(
          'ours: copied, then hashed and written',
          'ours',
          median(({ writing }) => writing),
        ),
      ],
      [...row('torch.save', 'theirs', null)],
      ['resume: verified, loaded', median((round) => round.resume), null, null],
      ['one pass that reads and hashes', median((round) => round.pass), null, null],
    ],
    notes: [
      `A calm step takes ${median(({ ours }) => ours.step).toFixed(2)} s; lost in all is what a save and 8 steps behind it took above 8 calm ones.`,
      'Ours is on the disk when it is complete (fsync); torch.save leaves that to the system, and hashes nothing.',
    ],
    bars: [
      { name: 'stall against torch.save', value: stall, unit: 'x', must: { below: 0.1001 } },
      { name: 'seconds lost in all against torch.save', value: lost, unit: 'x', must: { below: 1.001 } },
      { name: 'resume against one pass', value: resume, unit: 'x', must: { below: 1.3001 } },
    ],
    line: `checkpoint: stall ${stall.toFixed(3)}x, lost in all ${lost.toFixed(2)}x of torch.save, resume ${resume.toFixed(2)}x of one pass`,
  };
}
