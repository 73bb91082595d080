import { isDue, standingOf } from '../../../../domain/deadline/standing.js';
import { reserveSeconds } from '../../../../domain/money/budget.js';
import { config } from '../../../domain/samples.js';
import { STEP_SECONDS } from '../policies/work.js';
import type { DeadlinePolicy, Moment } from './play.js';

/** The time that a job's end takes, as the product keeps it back. */
const RESERVE = reserveSeconds(config());

export const alwaysSpot: DeadlinePolicy = { name: 'low priority alone', wants: () => 'spot' };
export const alwaysDedicated: DeadlinePolicy = { name: 'dedicated alone', wants: () => 'dedicated' };

/** What the product does: the safety net alone, by the domain's own code. Who has moved stays. */
export const safetyNet: DeadlinePolicy = {
  name: 'bertha: safety net',
  wants: (moment) => (moment.on === 'dedicated' || isNetDue(moment) ? 'dedicated' : 'spot'),
};

/**
 * Uniform Progress: spot nodes are kept while they last; without any, dedicated ones as soon as less is done than the same share of the work as
 * of the time; back when that much is done as will be due two starts later. Under it the safety net.
 * Wu et al., "Can't Be Late: Optimizing Spot Instance Savings under Deadlines", NSDI 2024, section 4.
 */
const uniform = (name: string, comesBack: (moment: Moment) => boolean): DeadlinePolicy => ({
  name,
  wants: (moment) => {
    const { on, now, job, world, capacity } = moment;
    const rate = job.work / job.deadline;
    const done = moment.saved + moment.unsaved;
    if (isNetDue(moment)) return 'dedicated';
    if (on === 'spot') return 'spot';
    if (on === 'asking') return !capacity && done < now * rate ? 'dedicated' : 'spot';
    const isAhead = done >= (now + 2 * world.startSeconds) * rate;
    return isAhead && comesBack(moment) ? 'spot' : 'dedicated';
  },
});

/** As published: it sees whether there are spot nodes before it leaves the dedicated ones. */
export const uniformProgress = uniform('Uniform Progress', ({ capacity }) => capacity);
/** As Azure ML would allow it: nobody knows before the job asks. */
export const uniformBlind = uniform('Uniform Progress, blind', () => true);

function isNetDue({ job, world, now, saved }: Moment): boolean {
  const rules = {
    at: job.deadline * 1000,
    steps: job.work / STEP_SECONDS,
    fromStep: 0,
    secondsPerStep: STEP_SECONDS,
    ratio: 1,
    overheadSeconds: 2 * world.startSeconds + RESERVE,
    unknownSeconds: 0,
  };
  return isDue(standingOf(rules, saved / STEP_SECONDS, null, now * 1000));
}
