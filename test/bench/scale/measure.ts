import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BerthaClient } from '../../../client.js';
import { temporalTarget } from '../../../temporal/connection.js';
import type { KnownJob } from './emulator.js';
import { eventsOfQuietDay } from './events.js';
import { type Preempted, preemptSome } from './preempt.js';
import { type Snapshot, snapshot } from './processes.js';
import { goOn, shortSegmentRuns, startAll } from './runs.js';
import { type Stage, openStage } from './stage.js';
import { Trainers } from './trainers.js';
import { type Logged, between, readTraffic, timeOfDay } from './traffic.js';

export interface Extent {
  readonly runs: number;
  /** Minutes in which nothing happens. */
  readonly minutes: number;
  /** Starts a second. */
  readonly perSecond: number;
  /** Per cent of the runs whose node is taken away. */
  readonly preempted: number;
}

export interface Measured {
  /** The worker without a run, at the begin and at the end of the quiet time. */
  readonly idle: Snapshot;
  readonly begin: Snapshot;
  readonly end: Snapshot;
  /** What the starts of all runs took, seconds. */
  readonly startSeconds: number;
  /** Of everything, and of the quiet time. */
  readonly traffic: readonly Logged[];
  readonly quiet: readonly Logged[];
  readonly events: { readonly day: number; readonly segments: number };
  readonly preempted: Preempted;
  /** Requests that the emulator refused for its limits. */
  readonly refused: number;
  /** Jobs at the end, when all was refused for a while and all was calm again. */
  readonly jobs: readonly KnownJob[];
  readonly failedWrites: number;
}

const IDLE_SECONDS = 10;
/** The first looks at the jobs that came last. */
const SETTLE_SECONDS = 60;
const PREEMPT_SECONDS = 60;
const STORM_SECONDS = 30;

export async function measure(extent: Extent): Promise<Measured> {
  const stage = await openStage(extent.runs);
  const trainers = new Trainers(stage.azure);
  try {
    await stage.stack.startWorker();
    await sleep(IDLE_SECONDS * 1000);
    const idle = snapshot(stage);
    const client = await BerthaClient.connect(temporalTarget('bench-scale'));
    try {
      return await measureRuns(stage, client, trainers, extent, idle);
    } finally {
      await client.close();
    }
  } finally {
    trainers.stop();
    await stage.stop();
  }
}

async function measureRuns(
  stage: Stage,
  client: BerthaClient,
  trainers: Trainers,
  extent: Extent,
  idle: Snapshot,
): Promise<Measured> {
  const { runs, minutes, preempted: percent } = extent;
  const startedAt = Date.now();
  await startAll(stage, client, trainers, extent);
  const startSeconds = (Date.now() - startedAt) / 1000;
  await goOn(stage, trainers, SETTLE_SECONDS);
  const begin = snapshot(stage);
  await goOn(stage, trainers, minutes * 60);
  const end = snapshot(stage);
  const count = Math.max(1, Math.round((runs * percent) / 100));
  const preempted = await preemptSome(stage, trainers, { runs, count, overSeconds: PREEMPT_SECONDS });
  const { refused } = await stage.emulator.state();
  const traffic = readTraffic(join(stage.stack.places.logs, 'azureml.log'));
  await storm(stage, trainers);
  return {
    ...{ idle, begin, end, startSeconds, traffic, preempted, refused },
    quiet: between(traffic, timeOfDay(begin.at), timeOfDay(end.at)),
    events: await eventsOfQuietDay(stage.stack.temporalAddress, shortSegmentRuns(runs)),
    jobs: (await stage.emulator.state()).jobs,
    failedWrites: trainers.failures,
  };
}

/** Azure refuses everything for a while, which must change nothing but when things are seen. */
async function storm(stage: Stage, trainers: Trainers): Promise<void> {
  await stage.emulator.refuseEverything(5);
  await goOn(stage, trainers, STORM_SECONDS);
  await stage.emulator.calm();
  await goOn(stage, trainers, STORM_SECONDS);
}
