import { PREEMPTION_WARNING } from '../jobs/endings.js';
import type { Face } from './face.js';

/** The job starts again from its first line on empty nodes, under the same name. */
export const requeued: Face = {
  sentence: 'the same job goes back to Queued and starts again on empty nodes',
  takesNodes: true,
  async strike(start, ranks) {
    const gone = start.lose(ranks);
    start.end({ status: 'Queued', warning: PREEMPTION_WARNING });
    await gone;
  },
};
