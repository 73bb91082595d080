import type { Face } from './face.js';

/**
 * The node is gone and nobody says so: the job stays Running. Its processes are stopped rather than killed, for a killed
 * peer on the same machine resets its connections and the others would notice at once, which a lost machine never does.
 */
export const hang: Face = {
  sentence: 'the job stays Running while the node answers nothing any more',
  takesNodes: true,
  strike(start, ranks) {
    start.freeze(ranks);
    return Promise.resolve();
  },
};
