import { PREEMPTION } from '../jobs/endings.js';
import type { Face } from './face.js';

/** The node is gone, the rest of the job is killed, and the run ends with a PreemptionError. */
export const failed: Face = {
  sentence: 'the job ends Failed with a PreemptionError',
  takesNodes: true,
  async strike(start, ranks) {
    const gone = start.lose(ranks);
    start.end({ status: 'Failed', error: PREEMPTION });
    await gone;
  },
};
