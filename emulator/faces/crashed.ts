import { PREEMPTION } from '../jobs/endings.js';
import type { Face } from './face.js';

/**
 * The node is gone and the service says nothing of it: the processes on the other nodes meet broken connections, and the
 * job ends as the first of them exits. Where no process is left to fail, the service finds the node missing by itself.
 */
export const crashed: Face = {
  sentence: 'the job ends as its other processes make it, Failed with the status that they exit with',
  takesNodes: true,
  async strike(start, ranks) {
    const gone = start.lose(ranks);
    if (!start.hasProcesses) start.end({ status: 'Failed', error: PREEMPTION });
    await gone;
  },
};
