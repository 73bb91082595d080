import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connectAzure } from '../../azure/connection.js';
import { listJobs } from '../../azure/jobs.js';
import { BerthaClient } from '../../client.js';
import { startStack } from '../../stack/stack.js';
import { temporalTarget } from '../../temporal/connection.js';
import { seeded } from '../house/random.js';
import { positionOf } from './steering/position.js';
import { seen } from '../e2e/observe.js';
import { smallConfig, smallDump } from '../e2e/small-config.js';

const KILLS = 10;
const STACK = 'soak';

/** For the list of soaks. */
export const about = 'one run whose worker is killed again and again; holds that it completes with one job per attempt';

/**
 * One run whose worker is killed (SIGKILL) at up to ten random moments, seeded (the job trains on meanwhile, so the last may come too late): `npm run soak -- worker-kill [SEED]`.
 * Holds where the run completes with exactly one job per attempt and no job alive. @returns exit code
 */
export async function main(args: string[]): Promise<number> {
  const seed = Number(args[0] ?? 1);
  const draw = seeded(seed);
  const stack = await startStack({ name: STACK, fresh: true, worker: false, onProgress: console.log });
  process.env['BERTHA_CLOUDS_DIR'] = stack.places.folder;
  const dump = join(stack.places.folder, 'dump.xml');
  mkdirSync(stack.places.folder, { recursive: true });
  writeFileSync(dump, smallDump());
  const client = await BerthaClient.connect(temporalTarget(STACK));
  try {
    const config = smallConfig('killed', dump);
    await client.startRun(config);
    const moments = Array.from({ length: KILLS }, () => 0.9 * draw()).sort((a, b) => a - b);
    let kills = 0;
    for (const moment of moments) {
      await stack.startWorker();
      const view = await seen(client, 'killed', (now) => positionOf(now) >= moment, 300);
      if (view.state !== 'running') break;
      await stack.kill('worker');
      kills++;
      console.log(
        `kill ${kills} at ${moment.toFixed(2)} of the run: in ${view.status?.stage ?? 'the first moments'}, job ${view.status?.jobName ?? 'none'}, step ${view.progress?.step ?? '-'}`,
      );
    }
    await stack.startWorker();
    const report = await client.result('killed');
    const jobs = (await listJobs(connectAzure(config.azure), 'bertha.run=killed')).filter(
      (job) => job.tags['bertha.run'] === 'killed',
    );
    const attempts = report.phases.flatMap((phase) => phase.attempts.map((attempt) => attempt.job));
    const oneJobPerAttempt =
      JSON.stringify(jobs.map((job) => job.name).sort()) === JSON.stringify([...attempts].sort());
    const noneAlive = jobs.every((job) => ['Completed', 'Failed', 'Canceled'].includes(job.status));
    const holds = report.outcome === 'completed' && oneJobPerAttempt && noneAlive && kills > 0;
    console.log(
      `seed ${seed}: ${kills} kills, outcome ${report.outcome}, ${jobs.length} jobs for ${attempts.length} attempts, ${noneAlive ? 'none' : 'some'} alive: ${holds ? 'holds' : 'BROKEN'}`,
    );
    return holds ? 0 : 1;
  } finally {
    await client.close();
    await stack.stop();
  }
}
