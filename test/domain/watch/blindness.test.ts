import assert from 'node:assert/strict';
import { Looks, beat, noAnswer, noFiles, running, status, throttled, trainer } from './looks.js';

const HOUR = 3600;
const healthy = (index: number) =>
  trainer(beat({ sequence: index + 10, step: index + 10 }), `i1/${Math.floor(index / 20)}`);
const frozen = () => trainer(beat());

describe('domain: a job that nobody looks at', () => {
  it('is told of once somebody looks again, and nothing is held against it', () => {
    const looks = new Looks().started();
    assert.equal(looks.look(running, frozen(), 2 * HOUR).kind, 'ALIVE');
    looks.look(running, healthy(1));
    assert.deepEqual(looks.alerts.at(-1), { kind: 'unwatched', seconds: 2 * HOUR });
    assert.deepEqual(looks.kinds(), ['unwatched']);
  });

  it('is not told of where we chose to ask seldom, as Azure wished', () => {
    const looks = new Looks().started();
    for (let look = 0; look < 8; look++) looks.look(throttled, noFiles);
    looks.look(throttled, noFiles, 1_200);
    assert.equal(looks.kinds().includes('unwatched'), false);
  });
});

describe('domain: blindness counts for nothing', () => {
  it('adds nothing to any clock, however long Azure or the storage gives no answer', () => {
    const looks = new Looks().started();
    looks.forSeconds(270, running, frozen);
    for (let look = 0; look < 1000; look++) looks.look(noAnswer, frozen());
    for (let look = 0; look < 1000; look++) looks.look(running, noFiles);
    assert.ok((looks.memory.clocks.silent ?? 0) <= 300, JSON.stringify(looks.memory.clocks));
    const verdict = looks.look(running, frozen());
    assert.deepEqual(verdict, { kind: 'ALIVE', due: null });
  });

  it('counts only time between two looks in a row that were both answered', () => {
    const looks = new Looks().started();
    for (let look = 0; look < 2000; look++) {
      const verdict = looks.look(look % 2 === 0 ? noAnswer : running, frozen());
      assert.ok(verdict.kind === 'UNKNOWN' || (verdict.kind === 'ALIVE' && verdict.due === null));
    }
  });

  it('counts a gap in which nobody looked as three polls at most', () => {
    const looks = new Looks().started();
    looks.look(running, frozen());
    looks.look(running, frozen(), 6 * HOUR);
    assert.ok((looks.memory.clocks.silent ?? 0) + (looks.memory.clocks.start ?? 0) <= 120);
  });

  it('gives a job that may have restarted in place meanwhile the time of a start', () => {
    const looks = new Looks().started();
    looks.look(running, frozen(), 6 * HOUR);
    const { due } = looks.forSeconds(6 * HOUR, running, frozen) ?? {};
    assert.deepEqual([due?.limit, due?.limitSeconds], ['start', 1800]);
  });

  it('takes no heartbeat that came to light behind an outage for a living one: it may be from before a restart', () => {
    const later = () => trainer(beat({ sequence: 5 }));
    const ofAzure = new Looks().started();
    for (let look = 0; look < 10; look++) ofAzure.look(noAnswer, trainer(beat({ sequence: 2 })));
    assert.equal(ofAzure.forSeconds(HOUR, running, later)?.due.limit, 'start');
    const ofStorage = new Looks().started();
    for (const job of [status('Queued'), status('Preparing'), running, running]) ofStorage.look(job, noFiles);
    assert.equal(ofStorage.forSeconds(HOUR, running, later)?.due.limit, 'start');
    const living = new Looks().started();
    living.look(running, later(), HOUR);
    assert.equal(living.memory.awaiting, 'blindness');
    living.look(running, trainer(beat({ sequence: 6 })));
    assert.equal(living.memory.awaiting, null);
  });

  it('is no worse for a clock that goes backwards', () => {
    const looks = new Looks().started();
    looks.look(running, frozen(), -5000);
    assert.equal(looks.memory.clocks.silent, undefined);
  });
});
