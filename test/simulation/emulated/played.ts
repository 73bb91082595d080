import { isPreemption } from '../../../domain/endings/names.js';
import type { Played } from '../pure/play.js';
import { traceOf } from '../trace.js';
import type { Family } from './agree.js';
import type { Happened } from './drive.js';
import { settledOf } from './judge/checkpoints.js';
import { jobsOf } from './judge/jobs.js';
import { judge } from './judge/judge.js';
import { SCALE } from './time.js';

/** What became of a run, in the words that all layers share. */
export function playedOf(happened: Happened, family: Family): Played & { readonly realDelays: readonly number[] } {
  const { schedule, ended, report, from, until, struck, folder } = happened;
  const judged = judge(happened);
  const outcome = outcomeOf(ended);
  const attempts = jobsOf(happened).length;
  const outcomes = [...family.outcomes].join(', ');
  judged.check(
    'layers agree',
    family.outcomes.has(outcome),
    () => `it is ${outcome} here and ${outcomes} there: ${report?.because}`,
  );
  const most = 2 * family.mostAttempts + 3;
  judged.check('layers agree', attempts <= most, () => `${attempts} attempts, ${family.mostAttempts} there at most`);
  const records = settledOf(happened).map(({ record }) => record);
  const endings = records.map(({ ending }) => ending);
  const words = `seed ${schedule.seed}: ${outcome} in ${Math.round((until - from) / 1000)} real s, ${endings.join(', ')}`;
  const story = judged.breaches.map(({ invariant, what }) => `\n  ${invariant}: ${what}`).join('');
  return {
    ...{ seed: schedule.seed, outcome, attempts, endings, struck, noticeDelays: [] },
    because: report?.because ?? null,
    trace: traceOf(outcome === 'not over' ? null : { outcome, failure: null }, records),
    virtualHours: ((until - from) * SCALE) / 3_600_000,
    breaches: judged.breaches,
    checks: judged.counts,
    // Of a machine that plays several runs at once: told, and held against no bar.
    delays: [],
    realDelays: delaysOf(happened),
    note: story === '' ? words : `${words}${story}\n  journal, faults and the emulator's record lie in ${folder}`,
  };
}

function outcomeOf(ended: string | null): Played['outcome'] {
  return ended === 'completed' || ended === 'failed' || ended === 'canceled' ? ended : 'not over';
}

/** Real seconds from the end of a preempted job to the next submission, beyond one poll, where nothing else was in the way. */
function delaysOf(happened: Happened): number[] {
  const jobs = jobsOf(happened);
  return settledOf(happened).flatMap(({ record }) => {
    const index = jobs.findIndex(({ name }) => name === record.jobName);
    const from = Date.parse(jobs[index]?.endedAt ?? '');
    const until = Date.parse(jobs[index + 1]?.createdAt ?? '');
    const isFree = happened.troubles.every((one) => one.until < from || one.from > until);
    const counts = isPreemption(record.ending) && isFree && until > from;
    return counts ? [(until - from) / 1000 - happened.config.watch.pollSeconds] : [];
  });
}
