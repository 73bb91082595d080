import type { AttemptStart } from '../../../domain/goodput/starts.js';
import type { SimJob } from './job.js';
import type { Start } from './start.js';

/** What the files of a job's starts tell of their time, as `measureAttempt` reads it. */
export const timedStarts = (job: SimJob, now: number): AttemptStart[] =>
  job.beating(now).map((start) => timed(start, now));

function timed(start: Start, now: number): AttemptStart {
  const { course, beatFrom, overAt } = start;
  const lastStep = start.step(Math.min(now, overAt));
  const trained = lastStep > course.step0;
  return {
    incarnation: start.heartbeat(now)?.incarnation ?? '',
    startedAt: beatFrom,
    restoreSeconds: (course.trainFrom - beatFrom) / 1000,
    firstStep: trained ? course.step0 + 1 : null,
    lastStep: trained ? lastStep : null,
    trainingFrom: trained ? course.trainFrom : null,
    trainedUntil: trained ? course.timeOf(lastStep) : null,
    // A simulated trainer saves while it trains.
    ...{ stallSeconds: 0, lastStallSeconds: 0 },
  };
}
