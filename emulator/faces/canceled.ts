import type { Face } from './face.js';

/** Capacity does not come back and the service gives the job up, though nobody asked it to. */
export const canceled: Face = {
  sentence: 'the job ends Canceled for want of capacity',
  takesNodes: true,
  async strike(start, ranks) {
    const gone = start.lose(ranks);
    start.end({
      status: 'Canceled',
      reason: 'The job was canceled because the low priority nodes it ran on were preempted and no capacity came back.',
    });
    await gone;
  },
};
