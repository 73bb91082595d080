import { Turns } from '../domain/watch/turns.js';

/**
 * What one worker process does in a second at the most of things that come again and again for every run: each is an attempt of an activity and
 * some requests to the storage, a few milliseconds of a core. With few runs nobody waits; with very many each comes round more seldom
 * (docs/scale.md).
 */
export interface WorkerTurns {
  /** Heartbeats that are read alone, between two looks. */
  readonly glances: Turns;
  /** Looks for checkpoints that have to be hashed, a turn a second that they take: preparing and copying data want the same few slots. */
  readonly verifications: Turns;
}

const GLANCES_PER_SECOND = 20;
const VERIFYING = 0.5;

export const newTurns = (): WorkerTurns => ({
  glances: new Turns(GLANCES_PER_SECOND),
  verifications: new Turns(VERIFYING),
});
