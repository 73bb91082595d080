import type { Face } from './face.js';

const BACK_AFTER_SECONDS = 60;

/** The node is out of reach for a while: the job is NotResponding, and then goes on where it was, on the same nodes. */
export const notResponding: Face = {
  sentence: 'the job is NotResponding for a while and then goes on, its node kept',
  takesNodes: false,
  strike(start, ranks, backAfter = BACK_AFTER_SECONDS) {
    start.pause(ranks, backAfter);
    return Promise.resolve();
  },
};
