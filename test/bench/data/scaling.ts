import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Sizes } from '../../../corpus/stages/plan.js';
import { alternately } from '../harness/alternate.js';
import { machine } from '../harness/machine.js';
import type { Report } from '../harness/report.js';
import { Samples } from '../harness/samples.js';
import { figure } from '../harness/table.js';
import type { Files } from './files.js';
import { whileWatching, type Memory } from './memory.js';
import { benchOptions } from './pipeline.js';
import { writeRepeated } from './repeat.js';
import type { Job } from './data-worker.js';
import { cpuIn, withWorkers } from './workers.js';

interface Outcome {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: Memory;
  /** sha256 of each file of the dataset, by its path. */
  readonly files: ReadonlyMap<string, string>;
}

export interface Scaling {
  readonly copies: number;
  readonly rounds: number;
  readonly sizes: Partial<Sizes>;
  readonly bars: 'speed' | 'memory';
}

const MB = 1e6;

/** The same large dump prepared by one worker and by two: throughput, memory of each worker, and whether the bytes are the same. */
export async function measureScaling(files: Files, { copies, rounds, sizes, bars }: Scaling): Promise<Report> {
  const dump = join(files.folder, 'repeated.xml');
  const bytes = writeRepeated(files.plain, copies, dump);
  const job = { dump, folder: join(files.folder, 'scaling'), options: benchOptions(files), sizes };
  const outcomes = await alternately(rounds, [
    { name: '1 worker', measure: () => prepareWith(1, job, files) },
    { name: '2 workers', measure: () => prepareWith(2, job, files) },
  ]);
  for (const path of [dump, job.folder]) rmSync(path, { recursive: true, force: true });
  const of = (name: string): Outcome[] => outcomes.get(name) ?? [];
  const wall = (name: string): number => Samples.of(of(name).map((each) => each.wall)).percentile(50);
  const all = [...of('1 worker'), ...of('2 workers')];
  const different = all.reduce((sum, { files }) => sum + differences(files, (all[0] as Outcome).files), 0);
  const ratio = wall('1 worker') / wall('2 workers');
  const most = (name: string, what: keyof Memory): number =>
    Math.max(...of(name).map(({ memory }) => memory[what])) / MB;
  const growth = Math.max(...all.map(({ memory }) => memory.inLastThird / memory.inFirstThird));
  return {
    what: `Dump to shards by data workers, ${figure(bytes / MB)} MB of plain XML: the English excerpt ${copies} times under other page ids; by the clock, median of ${rounds}`,
    versions: machine(['@foxglove/wasm-bz2']),
    heads: ['', 'MB of XML/s', 'seconds', 'processor s', 'peak MB', 'in the first third', 'in the last third'],
    rows: ['1 worker', '2 workers'].map((name) => [
      name,
      bytes / MB / wall(name),
      wall(name),
      Samples.of(of(name).map((each) => each.cpu)).percentile(50),
      ...(['peak', 'inFirstThird', 'inLastThird'] as const).map((what) => most(name, what)),
    ]),
    notes: [
      `Memory is the most that one worker process had in RAM, looked at twenty times a second. Each dataset has ${all[0]?.files.size} files, compared by sha256.`,
    ],
    bars: [
      {
        name: 'files with other bytes than those of the first go',
        value: different,
        unit: 'files',
        must: { be: 0, tolerance: 0 },
      },
      ...(bars === 'speed'
        ? [{ name: '2 workers against 1', value: ratio, unit: 'times', must: { atLeast: 1.8 } }]
        : [
            {
              name: 'peak of any worker',
              value: Math.max(most('1 worker', 'peak'), most('2 workers', 'peak')),
              unit: 'MB',
              must: { below: 1000 },
            },
            { name: 'last third against first', value: growth, unit: 'times', must: { below: 1.5 } },
          ]),
    ],
    line: `data ${bars}: ${figure(ratio)} times with 2 workers, peak ${figure(most('2 workers', 'peak'))} MB a worker`,
  };
}

function prepareWith(count: number, job: Job, { warmUp }: Files): Promise<Outcome> {
  return withWorkers(count, async ({ pids, prepare }) => {
    await prepare({ ...job, dump: warmUp, sizes: { pieceBytes: 1 << 20 } });
    const { result, memory } = await whileWatching(pids, () => prepare(job));
    return { wall: result.wall, cpu: cpuIn(result), memory, files: hashesBelow(join(job.folder, 'out')) };
  });
}

function hashesBelow(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(
    paths.map((path) => [path.slice(folder.length), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

/** Files that only one side has count too. */
function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): number {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => one.get(path) !== other.get(path)).length;
}
