import type { Bar } from '../../harness/bars.js';
import { table } from '../../harness/table.js';
import { EXPONENTIAL, exponentialSeries } from '../exponential.js';
import type { World } from '../policy.js';
import { type Series, unscored } from '../series.js';
import { recordedSeries } from '../traces.js';
import { leastCost } from './bound.js';
import { type DeadlinePolicy, type Job, type Made, play } from './play.js';
import { alwaysDedicated, alwaysSpot, safetyNet, uniformBlind, uniformProgress } from './policies.js';

const WORLD: World = { stallSeconds: 5, startSeconds: 60, noticeSeconds: 0, azure: 'ends-the-job' };
/** The deadline, by the time that dedicated nodes need. */
const DEADLINES = [1.1, 1.25, 1.5];
/** The one that has a bar. */
const JUDGED = 1.25;
const SPOT_PRICE = 0.2;
const HOUR = 3_600;
/** Windows of a series: so long at most, and a new one so often. */
const WINDOW = 48 * HOUR;
const EVERY = 24 * HOUR;
const MOST_WINDOWS = 8;
const POLICIES = [alwaysSpot, alwaysDedicated, safetyNet, uniformProgress, uniformBlind];

interface Row {
  readonly tightness: number;
  readonly source: string;
  readonly policy: DeadlinePolicy;
  readonly made: Made;
  readonly missed: boolean;
  /** By what dedicated nodes alone would cost. */
  readonly cost: number;
  readonly least: number;
}

export interface DeadlineScores {
  readonly text: readonly string[];
  readonly bars: readonly Bar[];
}

/** Deadlines over windows of every series, by each policy. */
export function scoreDeadlines(): DeadlineScores {
  const series = [...(recordedSeries() ?? []), ...exponentialSeries()].filter((one) => unscored(one) === null);
  const rows = DEADLINES.flatMap((tightness) =>
    series.flatMap((one) => windowsOf(one, tightness).flatMap((job) => rowsOf(job, tightness))),
  );
  const ours = rows.filter(({ policy }) => policy === safetyNet);
  const judged = ours.filter(({ tightness }) => tightness === JUDGED);
  return {
    text: [
      'Deadlines: windows of at most 48 h, the first eight of each series, a day apart; C = 5 s, S = 60 s; low priority at a fifth of the price.',
      'Deadline by what dedicated nodes alone need; cost by what they cost; bound: what one pays at least who knows all up-times.',
      '',
      table(
        [
          'deadline',
          'policy',
          'jobs',
          'missed',
          'cost recorded',
          'exponential',
          'bound recorded',
          'exponential',
          'moves',
        ],
        DEADLINES.flatMap((tightness) => POLICIES.map((policy) => line(rows, tightness, policy))),
      ),
    ],
    bars: [
      {
        name: 'deadlines missed by us',
        value: ours.filter(({ missed }) => missed).length,
        unit: '',
        must: { below: 1 },
      },
      {
        name: `cost of a deadline of ${JUDGED} x dedicated, by dedicated nodes`,
        value: 100 * mean(judged.map(({ cost }) => cost)),
        unit: '%',
        must: { below: 100 },
      },
    ],
  };
}

function windowsOf(series: Series, tightness: number): Job[] {
  const length = Math.min(WINDOW, series.length);
  const jobs: Job[] = [];
  for (let begin = 0; begin + length <= series.length + 1 && jobs.length < MOST_WINDOWS; begin += EVERY) {
    const work = length / tightness - WORLD.startSeconds - WORLD.stallSeconds;
    jobs.push({ series, begin, work, deadline: length });
  }
  return jobs;
}

function rowsOf(job: Job, tightness: number): Row[] {
  const dedicated = job.work + WORLD.startSeconds + WORLD.stallSeconds;
  return POLICIES.map((policy) => {
    const made = play(policy, WORLD, job);
    const { finishedAt, spotSeconds, dedicatedSeconds } = made;
    return {
      ...{ tightness, source: job.series.source, policy, made },
      missed: finishedAt === null || finishedAt > job.deadline,
      cost: (SPOT_PRICE * spotSeconds + dedicatedSeconds) / dedicated,
      least: leastCost(job, WORLD, SPOT_PRICE) / dedicated,
    };
  });
}

function line(rows: readonly Row[], tightness: number, policy: DeadlinePolicy): (string | number)[] {
  const own = rows.filter((row) => row.tightness === tightness && row.policy === policy);
  const [exponential, recorded] = [true, false].map((is) =>
    own.filter(({ source }) => (source === EXPONENTIAL) === is),
  );
  const of = (some: readonly Row[] | undefined, value: (row: Row) => number) =>
    mean((some ?? []).map(value)).toFixed(3);
  return [
    `${tightness} x`,
    policy.name,
    own.length,
    own.filter(({ missed }) => missed).length,
    of(recorded, ({ cost }) => cost),
    of(exponential, ({ cost }) => cost),
    of(recorded, ({ least }) => least),
    of(exponential, ({ least }) => least),
    of(own, ({ made }) => made.moves),
  ];
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
