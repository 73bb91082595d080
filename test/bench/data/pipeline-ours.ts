import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { prepareDataset, type PrepareStage } from '../../../corpus/prepare.js';
import { rounds, warmUpInflate } from './warm-up.js';

// pipeline-ours.js VOCABULARY WARM-UP PACKED-WARM-UP DUMP FOLDER: a dump to shards, after others; prints the processor seconds of its stages.
const [file = '', warmUp = '', warmUpPacked = '', dump = '', folder = ''] = process.argv.slice(2);
const options = { vocabulary: { file }, sequenceLengths: [128], minPageSentences: 2 };
type Part = PrepareStage | 'identify';
const seconds: Partial<Record<Part, number>> = {};

async function prepare(from: string): Promise<number> {
  const outDir = mkdtempSync(join(folder, 'ours-'));
  let stage: Part = 'identify';
  let before = process.cpuUsage();
  const enter = (next: Part): void => {
    const { user, system } = process.cpuUsage(before);
    seconds[stage] = (seconds[stage] ?? 0) + (user + system) / 1e6;
    before = process.cpuUsage();
    stage = next;
  };
  const { sets } = await prepareDataset({ dump: from, outDir, name: 'bench', options }, (progress) => {
    if (progress.stage !== stage) enter(progress.stage);
  });
  enter('finish');
  rmSync(outDir, { recursive: true });
  return sets.reduce((sum, { train, heldout }) => sum + train.samples + heldout.samples, 0);
}

await warmUpInflate(warmUpPacked);
for (let round = 0; round < rounds; round++) await prepare(warmUp);
for (const stage of Object.keys(seconds) as Part[]) seconds[stage] = 0;
const samples = await prepare(dump);
const cpu = Object.values(seconds).reduce((sum, each) => sum + each, 0);
console.log(JSON.stringify({ cpu, seconds, samples }));
