import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { BerthaClient } from '../../client.js';
import { prepareDataset } from '../../corpus/prepare.js';
import { type Stack, startStack } from '../../stack/stack.js';
import { temporalTarget } from '../../temporal/connection.js';
import { smallConfig, smallDump } from '../e2e/small-config.js';
import { seeded } from '../house/random.js';

const STACK = 'soak-data';
const PAGES = 4000;
const KILLS = 6;
/** A worker dies at most so long after it came up. */
const LONGEST_LIFE_MS = 6000;
const options = {
  ...{ vocabulary: { trainSize: 2000 }, sequenceLengths: [32, 128], dupeFactor: 3 },
  ...{ samplesPerShard: 2000, nearDuplicates: { likeness: 0.9 } },
};

/** For the list of soaks. */
export const about =
  'preparations whose worker is killed again and again at random moments; holds that each gives the bytes of an undisturbed one';

/**
 * `npm run soak -- data [--seeds N] [SEED]`: so many preparations over Temporal and Blob storage, from that seed on (1). The worker is killed
 * (SIGKILL) up to six times in each, at moments that the seed draws. @returns exit code
 */
export async function main(args: string[]): Promise<number> {
  const at = args.indexOf('--seeds');
  const seeds = at < 0 ? 1 : Number(args[at + 1]);
  const first = Number(args.filter((_, index) => at < 0 || (index !== at && index !== at + 1))[0] ?? 1);
  const folder = mkdtempSync(join(tmpdir(), 'bertha-soak-'));
  const stack = await startStack({ name: STACK, fresh: true, worker: false, onProgress: console.log });
  process.env['BERTHA_CLOUDS_DIR'] = stack.places.folder;
  mkdirSync(stack.places.folder, { recursive: true });
  const client = await BerthaClient.connect(temporalTarget(STACK));
  const dump = join(stack.places.folder, 'dump.xml');
  writeFileSync(dump, smallDump(PAGES));
  try {
    const { contentId } = await prepareDataset({ dump, outDir: folder, name: 'undisturbed', options });
    let broken = 0;
    for (let seed = first; seed < first + seeds; seed++) {
      const came = await killedAgainAndAgain(stack, client, seed, dump);
      const holds = came.contentId === contentId;
      if (!holds) broken++;
      console.log(`seed ${seed}: ${came.kills} kills, content ${came.contentId}: ${holds ? 'holds' : 'BROKEN'}`);
    }
    return broken === 0 ? 0 : 1;
  } finally {
    await client.close();
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function killedAgainAndAgain(
  stack: Stack,
  client: BerthaClient,
  seed: number,
  dump: string,
): Promise<{ kills: number; contentId: string }> {
  const draw = seeded(seed);
  const { data, azure, storage } = smallConfig('soak', dump);
  const name = `soak-${seed}`;
  const place = { run: `data-${name}`, azure, storage };
  const request = { place, data: { ...data, name, prepare: { dump, options } } };
  const work = await client.workOnData({ action: 'prepare', request });
  const result = work.result();
  const isOver = result.then(() => true);
  let kills = 0;
  while (kills < KILLS) {
    await stack.startWorker();
    const life = setTimeout(draw() * LONGEST_LIFE_MS, false);
    if (await Promise.race([isOver, life])) break;
    const stage = (await work.progress())?.stage ?? 'an unknown stage';
    await stack.kill('worker');
    console.log(`kill ${++kills} in ${stage}`);
  }
  await stack.startWorker();
  const outcome = await result;
  if (outcome.action !== 'prepare') throw new Error(`the work came to ${outcome.action}`);
  return { kills, contentId: outcome.prepared.contentId };
}
