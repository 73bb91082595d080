import { newPhase } from '../../../domain/attempts.js';
import type { RunConfig } from '../../../domain/config.js';
import { deadlineAt } from '../../../domain/deadline/at.js';
import type { DeadlineFacts } from '../../../domain/deadline/rules.js';
import type { DeadlineRules } from '../../../domain/deadline/standing.js';

export const HOUR = 3_600;

/** A deadline in ten hours, and 1,000 steps of 20 s to do. */
export const RULES: DeadlineRules = {
  ...{ at: 10 * HOUR * 1000, steps: 1_000, fromStep: 0, secondsPerStep: 20 },
  ...{ ratio: 1, overheadSeconds: 1_000, unknownSeconds: 5 * HOUR },
};

/** What is known at the begin of a run. */
export const facts = (config: RunConfig, over: Partial<DeadlineFacts> = {}): DeadlineFacts => ({
  ...{ at: deadlineAt(config, 0), startedAt: 0, phases: {} },
  ...over,
});

/** A phase in which so many steps were seen to take so long. */
export const measured = (cluster: string, steps: number, seconds: number) => ({
  ...newPhase('p1'),
  paces: { [cluster]: { steps, seconds } },
});
