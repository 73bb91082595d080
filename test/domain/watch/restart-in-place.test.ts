import assert from 'node:assert/strict';
import { Looks, beat, running, status, trainer } from './looks.js';

const HOUR = 3600;
const frozen = () => trainer(beat());

describe('domain: a restart in place', () => {
  const requeue = (looks: Looks) => {
    const before = trainer(looks.memory.heartbeat, looks.memory.validCheckpoint);
    for (const job of [status('Queued'), status('Preparing'), running]) looks.look(job, before);
  };

  it('is told, and its new start has the time of a first one', () => {
    const looks = new Looks().started();
    requeue(looks);
    const { due } = looks.forSeconds(2 * HOUR, running, frozen) ?? {};
    assert.deepEqual([due?.limit, due?.limitSeconds], ['start', 1800]);
    assert.equal(looks.kinds()[0], 'requeued');
  });

  it('is over with the first heartbeat of the new start', () => {
    const looks = new Looks().started();
    requeue(looks);
    looks.look(running, trainer(beat({ incarnation: 'i2' })));
    assert.equal(looks.memory.awaiting, null);
    const stillFrozen = () => trainer(beat({ incarnation: 'i2' }));
    assert.equal(looks.forSeconds(2 * HOUR, running, stillFrozen)?.due.limit, 'silent');
  });

  it('is not taken for over because the last heartbeat of the old start came to light late', () => {
    const looks = new Looks().started();
    looks.look(status('Queued'), trainer(beat({ sequence: 2 })));
    looks.look(running, trainer(beat({ sequence: 3 })));
    assert.equal(looks.memory.awaiting, 'requeued');
    looks.look(running, trainer(beat({ sequence: 4 })));
    assert.equal(looks.memory.awaiting, null);
  });

  it('is not mistaken for a hang by a new watch, which finds a heartbeat of the start before', () => {
    const looks = new Looks();
    for (const job of [status('Queued'), status('Preparing'), running]) looks.look(job, frozen());
    assert.equal(looks.memory.awaiting, 'first');
    assert.equal(looks.forSeconds(2 * HOUR, running, frozen)?.due.limit, 'start');
    const living = new Looks();
    for (const sequence of [1, 2]) living.look(running, trainer(beat({ sequence })));
    assert.equal(living.memory.awaiting, null);
  });

  it('does not begin the age of the newest valid checkpoint anew: a loop of restarts that save nothing is found', () => {
    const looks = new Looks({ checkpoints: { everySteps: undefined, everySeconds: 300 } }).started();
    let due: string | undefined;
    for (let round = 2; due === undefined && round < 50; round++) {
      requeue(looks);
      const works = (index: number) =>
        trainer(beat({ incarnation: `i${round}`, sequence: index, step: index + 50 }), 'i1/40');
      const found = looks.forSeconds(600, running, works);
      if (found?.due.do === 'restart') due = found.due.limit;
    }
    assert.equal(due, 'checkpoint');
  });

  it('is left alone while it waits for its nodes again, and while it goes on from its newest checkpoint', () => {
    const looks = new Looks().started();
    looks.forSeconds(900, running, (index) => trainer(beat({ sequence: index + 1, step: 10 + index }), 'i1/40'));
    const queued = looks.look(status('Queued'), trainer(beat({ step: 40 }), 'i1/40'));
    const restoring = looks.look(
      running,
      trainer(beat({ incarnation: 'i2', step: null, state: 'restoring' }), 'i1/40'),
    );
    const training = looks.look(running, trainer(beat({ incarnation: 'i2', step: 41 }), 'i1/40'));
    for (const verdict of [queued, restoring, training]) assert.equal(verdict.kind === 'ALIVE' && verdict.due, null);
  });

  it('is ended where it trains again what a checkpoint holds, if that is much', () => {
    const looks = new Looks().started();
    looks.forSeconds(1500, running, (index) => trainer(beat({ sequence: index + 1, step: 10 + index }), 'i1/60'));
    const verdict = looks.look(running, trainer(beat({ incarnation: 'i2', step: 3 }), 'i1/60'));
    assert.equal(verdict.kind === 'ALIVE' && verdict.due?.limit, 'behind');
    const ahead = looks.look(running, trainer(beat({ incarnation: 'i2', step: 61 }), 'i1/60'));
    assert.equal(ahead.kind === 'ALIVE' && ahead.due, null);
  });
});
