import type { Policy } from '../policy.js';
import { TRAINER_DEFAULT_SECONDS } from './work.js';

/** `JOB_DISCONNECTED_RETRY_TIMEOUT`: so long a job must be out of reach before it counts as interrupted. */
const UNREACHABLE_SECONDS = 120;
/** Pauses of a pending run, in order; the last one stays. */
const PAUSES = [15, 30, 60, 120, 300, 600];

/**
 * dstack with `retry: {on_events: [no-capacity, interruption]}`: without it a run fails at its first interruption. Checkpoints are the user's;
 * its training examples call trl, so taken is the default of the Trainer below it.
 * https://github.com/dstackai/dstack/blob/2c29b3ab0518c63ef56a4bc9e8ad9519706d9ae6/mkdocs/docs/concepts/tasks.md (retry policy)
 * https://github.com/dstackai/dstack/blob/159954576886a3b1ae165a7d6f7c2a6040b45ee2/src/dstack/_internal/server/background/pipeline_tasks/runs/pending.py
 */
export const dstack: Policy = {
  name: 'dstack, retry on',
  link: 'https://github.com/dstackai/dstack/blob/cb4de8d8b289c993a18df76853806d5cd491c323/src/dstack/_internal/server/background/pipeline_tasks/jobs_running.py',
  start: () => ({
    adapts: false,
    heedsNotice: false,
    resumes: true,
    interval: () => TRAINER_DEFAULT_SECONDS,
    afterInterruption: ({ at }) => ({
      at: at + UNREACHABLE_SECONDS + (PAUSES[0] ?? 0),
      pauseSeconds: (refusals) => PAUSES[Math.min(refusals, PAUSES.length - 1)] ?? 0,
    }),
  }),
};
