import type { PhaseFailure } from '../../../../domain/recovery.js';
import { excuses, explains } from '../../invariants/causes.js';
import { isEarned } from '../../invariants/failures.js';
import type { Cause } from '../../world/job.js';
import type { Happened } from '../drive.js';
import { settledOf } from './checkpoints.js';
import { jobsOf } from './jobs.js';
import type { Judging } from './judge.js';

const FAILURES: readonly PhaseFailure[] = [
  'user-errors',
  'unknown-endings',
  'infrastructure-errors',
  'spikes',
  'no-progress',
  'stopped',
];

/** Every ending is called by a name that what struck the job allows; nobody ends a job that was well; a run fails by a budget that is spent. */
export function judgeEndings({ happened, check }: Judging): void {
  const { report, ended, config, journal } = happened;
  const settled = settledOf(happened);
  for (const { record, at } of settled) {
    const { jobName, ending, because, evidence = [] } = record;
    const causes = causesOf(happened, jobName);
    check(
      'every ending is explained',
      because !== '' && evidence.length > 0,
      () => `${jobName} ended ${ending} without a reason`,
      at,
    );
    const fits = explains({ causes, exitedBy: null, cancelReason: null }, ending);
    check(
      'every ending is explained',
      fits,
      () => `${jobName} is called ${ending} (${because}), ${struck(causes)}`,
      at,
    );
  }
  for (const entry of journal) {
    if (entry.type !== 'event' || entry.event.kind !== 'limit-passed') continue;
    const { jobName, limit, seconds, at } = entry.event;
    const causes = causesOf(happened, jobName);
    const words = () => `${jobName} is ended for ${limit} after ${Math.round(seconds)} real s, ${struck(causes)}`;
    check('no healthy job is ended', excuses({ causes }, limit), words, at);
  }
  if (ended === null) return;
  const speaks = report !== null && report.because !== '' && report.whereToLook.length > 0;
  check('every ending is explained', speaks, () => `the run ended ${ended} without a report that says why`);
  const records = settled.map(({ record }) => record);
  const isRight = ended !== 'failed' || FAILURES.some((failure) => isEarned(failure, records, config));
  check('a phase fails only by a budget that is spent', isRight, () => `the run ${ended}: ${report?.because}`);
}

/** What struck a job: faults that were aimed at it, and what lies in the schedule and the storage for any of them. */
function causesOf(happened: Happened, jobName: string): Cause[] {
  const { schedule, inventory, troubles } = happened;
  const job = jobsOf(happened).find(({ name }) => name === jobName);
  const given = job?.request.inputs['resume']?.uri ?? '';
  const spoilt = [...inventory.seen.values()].some(({ path, damagedAt }) => damagedAt !== null && given.endsWith(path));
  const from = Date.parse(job?.createdAt ?? '');
  const until = Date.parse(job?.endedAt ?? '') || happened.until;
  const ownCauses = happened.causes.get(jobName) ?? [];
  const isDry = troubles.some((one) => one.kind === 'no-capacity' && one.from < until && from < one.until);
  return [
    ...ownCauses,
    // Its peer lives on, and may be the first to say that rank 0 is gone.
    ...(ownCauses.includes('killed') ? (['lost-peer'] as const) : []),
    ...schedule.poison.map(({ kind }): Cause => (kind === 'nan' ? 'nan' : 'loss-spike')),
    ...(spoilt ? (['refused', 'damaged'] as const) : []),
    ...(isDry ? (['no-capacity'] as const) : []),
  ];
}

const struck = (causes: readonly Cause[]) => `struck by ${causes.join(', ') || 'nothing'}`;
