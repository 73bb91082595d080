import type { Bar } from '../harness/bars.js';
import { machine } from '../harness/machine.js';
import type { Report } from '../harness/report.js';
import { figure } from '../harness/table.js';
import { POLL_SECONDS, indexOf } from './config.js';
import type { KnownJob } from './emulator.js';
import type { Extent, Measured } from './measure.js';
import { PARTS, type Snapshot, cores } from './processes.js';
import { busiest, pollIntervals, reads } from './traffic.js';

const MB = 1e6;
/** What Azure Resource Manager lets a principal read in a second for longer than a moment. */
const READS_PER_SECOND = 25;
const MOST_EVENTS = 50;

export function reportOf(measured: Measured, extent: Extent): Report {
  const { idle, begin, end, quiet, traffic, preempted, events, refused, startSeconds, failedWrites } = measured;
  const { runs } = extent;
  const hours = (end.at - begin.at) / 3_600_000;
  const intervals = pollIntervals(quiet);
  const perRun = (end.worker.rss - idle.worker.rss) / runs / MB;
  const perRunPeak = (end.worker.peakRss - idle.worker.rss) / runs / MB;
  const wrong = wrongJobs(measured.jobs, runs, preempted.count);
  const p95 = preempted.delays.percentile(95);
  const readsPerHour = reads(quiet).length / runs / hours;
  return {
    what: `${runs} runs, one worker process for both queues; configured poll ${POLL_SECONDS} s, quiet for ${figure(hours * 60)} min, then ${preempted.count} nodes taken away without notice, then 429 for everything`,
    versions: machine(['@temporalio/worker', 'azurite']),
    heads: ['', 'measured'],
    rows: [
      ['seconds to start all', startSeconds],
      ['worker memory without runs, MB', idle.worker.rss / MB],
      ['worker memory, MB', end.worker.rss / MB],
      ['worker memory, most ever, MB', end.worker.peakRss / MB],
      ['worker memory per run, MB', perRun],
      ['the same of its most ever, MB', perRunPeak],
      ['other memory, MB: Temporal server', end.temporal.rss / MB],
      ['other memory, MB: Azurite', end.azurite.rss / MB],
      ['other memory, MB: emulator', end.azureml.rss / MB],
      ...PARTS.map((part) => [`cores while quiet: ${part}`, cores(part, begin, end)]),
      ...PARTS.map((part) => [`cores while all start: ${part}`, cores(part, idle, begin)]),
      ['reads per run-hour', readsPerHour],
      ['seconds between two looks: median', intervals.percentile(50)],
      ['seconds between two looks: p95', intervals.percentile(95)],
      ['seconds between two looks: longest', intervals.percentile(100)],
      ['reads a second while quiet', reads(quiet).length / (hours * 3600)],
      ['reads a second, busiest 60 s of all', busiest(reads(traffic), 60)],
      ['429 from limits', refused],
      ['history events per quiet run-day', events.day],
      ['segments counted for them', events.segments],
      ['resubmitted', preempted.delays.count],
      ['seconds from preemption to resubmit: median', preempted.delays.percentile(50)],
      ['seconds from preemption to resubmit: p95', p95],
      ['writes of trainers that failed', failedWrites],
    ],
    notes: notesOn(begin, end),
    bars: [
      { name: 'worker memory per run', value: perRun, unit: 'MB', must: { below: 0.3 } },
      { name: 'worker, while quiet', value: cores('worker', begin, end), unit: 'cores', must: { below: 1 } },
      { name: 'worker, while all start', value: cores('worker', idle, begin), unit: 'cores', must: { below: 1 } },
      { name: 'requests beyond the limits of Azure Resource Manager', value: refused, unit: '', must: { below: 1 } },
      {
        name: 'reads a second, quiet',
        value: reads(quiet).length / (hours * 3600),
        unit: '',
        must: { below: READS_PER_SECOND },
      },
      { name: 'history events per quiet run-day', value: events.day, unit: '', must: { below: MOST_EVENTS + 1 } },
      { name: 'p95 from preemption to resubmit', value: p95, unit: 's', must: { below: intervals.percentile(95) + 5 } },
      {
        name: 'preempted runs with their next job',
        value: preempted.delays.count,
        unit: '',
        must: { atLeast: preempted.count },
      },
      {
        name: 'jobs canceled, doubled or missing after 429 for everything',
        value: wrong.length,
        unit: '',
        must: { below: 1 },
      },
    ] satisfies Bar[],
    line: `scale: ${runs} runs, ${figure(perRun)} MB a run, worker ${figure(cores('worker', begin, end))} cores, a look every ${figure(intervals.percentile(50))} s, ${figure(readsPerHour)} reads per run-hour, ${events.day} events per quiet run-day, preempted to resubmitted p95 ${figure(p95)} s, ${refused} x 429, ${wrong.length} jobs wrong`,
  };
}

/** Jobs that should not be as they are: each run has one that lives, and a second one only where a node was taken away. */
function wrongJobs(jobs: readonly KnownJob[], runs: number, preempted: number): string[] {
  const living = new Map<number, number>();
  const isLiving = ({ status }: KnownJob) => !['Completed', 'Failed', 'Canceled'].includes(status);
  for (const job of jobs.filter(isLiving)) living.set(indexOf(job.name), (living.get(indexOf(job.name)) ?? 0) + 1);
  const notOne = Array.from({ length: runs }, (_, index) => index).filter((index) => living.get(index) !== 1);
  const canceled = jobs.filter(({ status }) => status.startsWith('Cancel')).map(({ name }) => name);
  const tooMany = jobs.length === runs + preempted ? [] : [`${jobs.length} jobs for ${runs} runs`];
  return [...notOne.map(String), ...canceled, ...tooMany];
}

const notesOn = (begin: Snapshot, end: Snapshot): string[] => [
  `Everything ran on this machine; ${PARTS.reduce((sum, part) => sum + cores(part, begin, end), 0).toFixed(2)} cores were busy with it while it was quiet.`,
  'The emulator writes a line per request and answers a page of its whole state every 5 s, the bench writes the heartbeats of all trainers: neither exists in production.',
  'The job that a node was taken from ends at once and the trainer gives no notice, so the next look at the job finds it.',
];
