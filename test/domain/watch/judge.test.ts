import assert from 'node:assert/strict';
import { Looks, beat, noAnswer, noFiles, running, status, throttled, trainer } from './looks.js';

const HOUR = 3600;
const healthy = (index: number) =>
  trainer(beat({ sequence: index + 10, step: index + 10 }), `i1/${Math.floor(index / 20)}`);
const frozen = () => trainer(beat());

describe('domain: judging a look', () => {
  it('calls a job ended only by a terminal word of Azure', () => {
    for (const word of ['Completed', 'Failed', 'Canceled'])
      assert.deepEqual(new Looks().look(status(word), noFiles), { kind: 'ENDED', status: word });
    for (const word of ['Running', 'Queued', 'NotResponding', 'Paused', 'Finalizing', 'Scheduled', 'whatever comes'])
      assert.equal(new Looks().look(status(word), noFiles).kind, 'ALIVE', word);
  });

  it('calls a job unknown while Azure gives no answer, whatever the trainer shows', () => {
    const looks = new Looks().started();
    assert.deepEqual(looks.look(noAnswer, frozen()), { kind: 'UNKNOWN', because: 'HTTP 503' });
  });

  it('takes one 404 for nothing, and two a minute apart for the end', () => {
    const looks = new Looks({ watch: { pollSeconds: 30 } }).started();
    assert.equal(looks.look(status('NotFound'), frozen()).kind, 'UNKNOWN');
    assert.equal(looks.look(status('NotFound'), frozen()).kind, 'UNKNOWN');
    assert.deepEqual(looks.look(status('NotFound'), frozen()), { kind: 'ENDED', status: 'NotFound' });
  });

  it('forgets a 404 when the job is seen again', () => {
    const looks = new Looks().started();
    looks.look(status('NotFound'), frozen());
    looks.look(running, frozen());
    looks.look(status('NotFound'), frozen());
    assert.equal(looks.look(status('NotFound'), frozen()).kind, 'UNKNOWN');
  });

  it('finds nothing wrong with a healthy job in a week', () => {
    const looks = new Looks().started();
    assert.equal(looks.forSeconds(7 * 24 * HOUR, running, healthy), null);
    assert.deepEqual(looks.alerts, []);
    assert.ok(JSON.stringify(looks.memory).length < 1000, JSON.stringify(looks.memory));
  });

  it('ends a job whose heartbeat stood still for watch.limits.silentSeconds, after an alert at half of it', () => {
    const looks = new Looks().started();
    const { due, after } = looks.forSeconds(HOUR, running, frozen) ?? {};
    assert.deepEqual([due?.limit, due?.do, due?.limitSeconds, after], ['silent', 'restart', 300, 300]);
    assert.deepEqual(looks.kinds(), ['silent alert']);
  });

  it('asks for the restart at every look until somebody does it', () => {
    const looks = new Looks().started();
    looks.forSeconds(HOUR, running, frozen);
    const verdict = looks.look(running, frozen());
    assert.equal(verdict.kind === 'ALIVE' && verdict.due?.do, 'restart');
  });

  it('ends a job whose step stands still though its heartbeat goes on, after asking it for a checkpoint', () => {
    const looks = new Looks().started();
    const stalls = (index: number) => trainer(beat({ sequence: index + 10 }), `i1/${index}`);
    const asked = looks.forSeconds(2 * HOUR, running, stalls);
    assert.deepEqual([asked?.due.limit, asked?.due.do, asked?.after], ['stalled', 'request-checkpoint', 900]);
    const ended = looks.forSeconds(2 * HOUR, running, (index) => stalls(index + 1000));
    assert.deepEqual([ended?.due.do, ended?.after], ['restart', 900]);
  });

  it('B23 ends a job without a new valid checkpoint after six intervals, after an alert and a request at three', () => {
    const looks = new Looks({ checkpoints: { everySteps: undefined, everySeconds: 900 } }).started();
    const works = (index: number) => trainer(beat({ sequence: index + 10, step: index + 10 }), 'i1/40');
    const asked = looks.forSeconds(3 * HOUR, running, works);
    assert.deepEqual([asked?.due.limit, asked?.due.do], ['checkpoint', 'request-checkpoint']);
    assert.ok(Math.abs((asked?.after ?? 0) - 3 * 900) <= 60);
    const ended = looks.forSeconds(3 * HOUR, running, (index) => works(index + 1000));
    assert.deepEqual([ended?.due.limit, ended?.due.do, ended?.due.limitSeconds], ['checkpoint', 'restart', 5400]);
  });

  it('knows an interval in steps by the pace of the training', () => {
    const looks = new Looks({ checkpoints: { everySteps: 100 } }).started();
    const works = (index: number) => trainer(beat({ sequence: index + 10, step: index * 3 + 10 }));
    const { due } = looks.forSeconds(12 * HOUR, running, works) ?? {};
    assert.deepEqual([due?.limit, Math.round((due?.limitSeconds ?? 0) / 100)], ['checkpoint', 60]);
  });

  it('counts no checkpoint time while the model is evaluated', () => {
    const looks = new Looks({ checkpoints: { everySteps: undefined, everySeconds: 60 } }).started();
    const evaluates = (index: number) => trainer(beat({ sequence: index + 10, state: 'evaluating' }));
    assert.equal(looks.forSeconds(6 * HOUR, running, evaluates), null);
  });

  it('ends a running job that never shows a heartbeat', () => {
    const { due, after } = new Looks().forSeconds(2 * HOUR, running, () => trainer(null)) ?? {};
    assert.deepEqual([due?.limit, due?.do, after], ['start', 'restart', 1830]);
  });

  const dwells = [
    ['Queued', 'queued', 86_400],
    ['Preparing', 'preparing', 7_200],
    ['Finalizing', 'finalizing', 3_600],
    ['NotResponding', 'notResponding', 2_700],
    ['CancelRequested', 'stopping', 900],
  ] as const;
  for (const [word, limit, seconds] of dwells) {
    it(`B16 ends a job that stays ${word} for ${seconds} s, after an alert`, () => {
      const looks = new Looks();
      const found = looks.forSeconds(2 * seconds, status(word), () => trainer(null));
      assert.deepEqual([found?.due.limit, found?.due.do, found?.after], [limit, 'restart', seconds + 30]);
      assert.deepEqual(looks.kinds(), [`${limit} alert`]);
    });
  }

  it('begins to count anew when the state changes', () => {
    const looks = new Looks();
    looks.forSeconds(7_000, status('Preparing'), () => trainer(null));
    looks.look(running, trainer(null));
    assert.equal(
      looks.forSeconds(7_000, status('Preparing'), () => trainer(null)),
      null,
    );
  });

  it('leaves a job alone that Azure calls NotResponding while its heartbeat goes on', () => {
    const looks = new Looks().started();
    assert.equal(looks.forSeconds(24 * HOUR, status('NotResponding'), healthy), null);
  });

  it('tells a warning once, a stuck rank once, and a restart in place each time', () => {
    const looks = new Looks().started();
    looks.look(running, trainer(beat({ sequence: 2, warned: true })));
    looks.look(running, trainer(beat({ sequence: 3, warned: true, stuck: true })));
    looks.look(running, trainer(beat({ incarnation: 'i2' })));
    looks.look(running, trainer(beat({ incarnation: 'i3', warned: true })));
    assert.deepEqual(looks.kinds(), ['warned', 'stuck', 'restarted-in-place', 'restarted-in-place', 'warned']);
    assert.equal(looks.memory.restarts, 2);
  });

  it('tells a warning also when only the storage answers', () => {
    const looks = new Looks().started();
    looks.look(noAnswer, trainer(beat({ sequence: 2, warned: true })));
    assert.deepEqual(looks.kinds(), ['warned']);
  });

  it('tells of a warning once, however often it is read while Azure gives no answer and no look before had found the trainer', () => {
    const looks = new Looks();
    looks.look(status('Queued'), trainer(null));
    for (let index = 0; index < 5; index++) looks.look(noAnswer, trainer(beat({ sequence: index, warned: true })));
    assert.deepEqual(looks.kinds(), ['warned']);
  });

  it('says once that it is blind, and again when it sees', () => {
    const looks = new Looks().started();
    for (let look = 0; look < 100; look++) looks.look(look % 7 === 0 ? throttled : noAnswer, noFiles);
    looks.look(running, frozen());
    assert.deepEqual(looks.kinds(), ['blind', 'blind', 'sight-again', 'sight-again']);
    assert.deepEqual(
      looks.alerts.map((alert) => 'to' in alert && alert.to),
      ['azure', 'storage', 'azure', 'storage'],
    );
  });
});

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
