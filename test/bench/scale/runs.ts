import { setTimeout as sleep } from 'node:timers/promises';
import type { BerthaClient } from '../../../client.js';
import { SHORT_SEGMENTS, configOf, runName } from './config.js';
import type { KnownJob } from './emulator.js';
import type { Stage } from './stage.js';
import type { Trainers } from './trainers.js';

const LONG_HOURS = 12;
const SHORT_HOURS = 0.02;

const FOLLOW_MS = 5_000;
/** Runs that are on their way to their first job: what is started faster only waits. */
const MOST_UNDER_WAY = 60;

/** Starts all runs, so many a second, with trainers for the jobs that come of it. Returns when all jobs run. */
export async function startAll(
  stage: Stage,
  client: BerthaClient,
  trainers: Trainers,
  { runs, perSecond }: { runs: number; perSecond: number },
): Promise<void> {
  const { dataset, code } = stage;
  let started = 0;
  const begun = Date.now();
  for (;;) {
    await follow(stage, trainers);
    const due = Math.min(runs, Math.floor(((Date.now() - begun) / 1000 + FOLLOW_MS / 1000) * perSecond));
    while (started < due && started - trainers.count < MOST_UNDER_WAY) {
      const segmentHours = started < SHORT_SEGMENTS ? SHORT_HOURS : LONG_HOURS;
      await client.startRun(configOf({ index: started, code, dataset, segmentHours }));
      started += 1;
    }
    process.stderr.write(
      `\r${started} runs started, ${trainers.count} train, ${Math.round((Date.now() - begun) / 1000)} s `,
    );
    if (trainers.count >= runs) break;
    await sleep(FOLLOW_MS);
  }
  process.stderr.write('\n');
}

/** Lets the trainers follow the emulator's jobs once. @returns the jobs */
export async function follow({ emulator }: Stage, trainers: Trainers): Promise<KnownJob[]> {
  const { jobs } = await emulator.state();
  trainers.follow(jobs);
  return jobs;
}

/** Lets the trainers follow for so many seconds. */
export async function goOn(stage: Stage, trainers: Trainers, seconds: number): Promise<void> {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    await follow(stage, trainers);
    await sleep(Math.min(FOLLOW_MS, Math.max(0, until - Date.now())));
  }
}

export const shortSegmentRuns = (runs: number): string[] =>
  Array.from({ length: Math.min(SHORT_SEGMENTS, runs) }, (_, index) => runName(index));
