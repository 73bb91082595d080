import assert from 'node:assert/strict';
import type { AttemptRecord, PhaseState } from '../../domain/attempts.js';
import { newPhase } from '../../domain/attempts.js';
import type { CheckpointRef } from '../../domain/checkpoints.js';
import type { JobEnding } from '../../domain/endings/names.js';
import { nextStep } from '../../domain/endings/next-step.js';
import { type Decision, decide } from '../../domain/recovery.js';
import { attempt, checkpoint, configWith } from '../domain/samples.js';

/** What the first occurrence of an ending leads to, where step 80 is saved and nothing is forgiven yet. */
const TABLE = {
  completed: 'advance',
  unfinished: 'resume',
  preempted: 'resume',
  'preempted-canceled': 'resume',
  'node-lost': 'resume',
  interrupted: 'resume',
  'lost-peer': 'resume',
  'no-capacity': 'resume',
  'queued-too-long': 'resume',
  'quota-exceeded': 'hold',
  'sku-refused': 'hold',
  'image-failed': 'resume',
  'never-started': 'resume',
  'user-error': 'resume',
  'out-of-memory': 'resume',
  nan: 'resume',
  'loss-spike': 'resume',
  'bad-checkpoint': 'resume',
  'stuck-rank': 'resume',
  hung: 'resume',
  'no-new-checkpoint': 'resume',
  'dwelled-too-long': 'resume',
  superseded: 'resume',
  'lifetime-limit': 'resume',
  'time-limit': 'resume',
  'spend-until': 'resume',
  'stopped-on-request': 'resume',
  'moved-for-deadline': 'resume',
  'budget-spent': 'fail',
  'canceled-by-us': 'fail',
  'canceled-elsewhere': 'fail',
  vanished: 'resume',
  unknown: 'resume',
} as const satisfies Record<JobEnding, Decision['action']>;

const ALL = Object.keys(nextStep) as JobEnding[];

describe('bugs: decisions as functions', () => {
  it('B14 the table says for every ending what the first one of its kind leads to', () => {
    const found = ALL.map((ending) => [ending, decided(ending).action]);
    assert.deepEqual(Object.fromEntries(found), TABLE);
  });

  it('B14 a decision is a function of its facts: told twice, in any order, it is the same, and changes nothing it was given', () => {
    const before = ALL.map((ending) => JSON.stringify(decided(ending)));
    const again = [...ALL].reverse().map((ending) => JSON.stringify(decided(ending)));
    assert.deepEqual(again.reverse(), before);
  });

  it('B14 the clock of the machine has no say in it', () => {
    const { now } = Date;
    const here = JSON.stringify(ALL.map(decided));
    try {
      Date.now = () => 0;
      assert.equal(JSON.stringify(ALL.map(decided)), here);
    } finally {
      Date.now = now;
    }
  });
});

/** Whatever it writes to is frozen, and would throw. */
function decided(ending: JobEnding): Decision {
  const head: CheckpointRef = checkpoint(80);
  const before: PhaseState = { ...newPhase('p1'), attempts: 1, head: checkpoint(40), highest: 40 };
  const record: AttemptRecord = attempt({ ending, because: 'told so', head });
  return decide(frozen(configWith()), frozen(before), frozen(record), frozen(head));
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}
