import type { Job } from '../entities/job.js';

let last: { given: readonly Job[]; sorted: readonly Job[] } = { given: [], sorted: [] };

/**
 * Jobs in the order of a list, newest first. The last answer is kept, for the jobs are seldom others than a request before, and
 * to sort a thousand anew would be most of what a page of them costs.
 */
export function newestFirst(jobs: readonly Job[]): readonly Job[] {
  const isSame = jobs.length === last.given.length && jobs.every((job, index) => job === last.given[index]);
  if (!isSame) last = { given: jobs, sorted: jobs.toSorted(compare) };
  return last.sorted;
}

function compare(left: Job, right: Job): number {
  return right.createdAt.localeCompare(left.createdAt) || right.runNumber - left.runNumber;
}
