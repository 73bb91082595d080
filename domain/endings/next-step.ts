import type { JobEnding } from './names.js';

/** What an ending leads to. The budgets are fields of `recovery` in the config. */
export type NextStep =
  /** The phase is done. */
  | 'advance'
  /** The next attempt begins at once from the newest checkpoint; costs nothing. */
  | 'resume'
  /** The same from an older checkpoint than the one that was refused; costs nothing. */
  | 'resume-from-older'
  /** The next attempt begins after a pause that grows with every refusal; costs nothing. */
  | 'wait-for-capacity'
  /** Back to a checkpoint from before, and the samples since are passed over; at most `recovery.spikes` times. */
  | 'skip-and-resume'
  /** Costs one of `recovery.userErrors`, which no progress gives back. */
  | 'retry-as-user-error'
  /** Costs one of `recovery.unknownEndings`. */
  | 'retry-as-unknown'
  /** Costs one of `recovery.infrastructureErrors`. */
  | 'retry-as-infrastructure'
  /** Nothing runs and nothing is paid until a person acts. */
  | 'hold'
  /** The phase ends. */
  | 'stop';

export const nextStep = {
  completed: 'advance',
  preempted: 'resume',
  'preempted-canceled': 'resume',
  'node-lost': 'resume',
  interrupted: 'resume',
  'lost-peer': 'retry-as-infrastructure',
  'no-capacity': 'wait-for-capacity',
  'queued-too-long': 'wait-for-capacity',
  'quota-exceeded': 'hold',
  'sku-refused': 'hold',
  // A registry or package index that is away fails an image as a wrong requirement does: repeated with pauses, it costs no node.
  'image-failed': 'retry-as-infrastructure',
  'never-started': 'retry-as-infrastructure',
  'user-error': 'retry-as-user-error',
  // Too large a batch fails at the first step, again and again; after new checkpoints it was a leak or a neighbour (see `recovery.ts`).
  'out-of-memory': 'retry-as-user-error',
  // The first NaN at a place is retried as it was, for a flipped bit does not come back; a second one is passed over like a spike.
  nan: 'skip-and-resume',
  'loss-spike': 'skip-and-resume',
  'bad-checkpoint': 'resume-from-older',
  'stuck-rank': 'retry-as-infrastructure',
  hung: 'retry-as-infrastructure',
  'no-new-checkpoint': 'retry-as-infrastructure',
  'dwelled-too-long': 'retry-as-infrastructure',
  superseded: 'resume',
  'lifetime-limit': 'resume',
  'time-limit': 'resume',
  'spend-until': 'resume',
  'stopped-on-request': 'resume',
  'moved-for-deadline': 'resume',
  'budget-spent': 'stop',
  'canceled-by-us': 'stop',
  'canceled-elsewhere': 'stop',
  unfinished: 'retry-as-unknown',
  vanished: 'retry-as-unknown',
  unknown: 'retry-as-unknown',
} as const satisfies Record<JobEnding, NextStep>;
