import assert from 'node:assert/strict';
import { isNotice, nextGlanceSeconds, nextPollSeconds } from '../../../domain/watch/cadence.js';
import { Looks, beat, running, status, throttled, trainer } from './looks.js';

const next = (looks: Looks) => nextPollSeconds(looks.memory, looks.rules.pollSeconds);

describe('domain: how soon to look again', () => {
  it('as configured while a job trains or waits for nodes', () => {
    const looks = new Looks().started();
    assert.equal(next(looks), 30);
    looks.look(status('Queued'), trainer(null));
    assert.equal(next(looks), 30);
  });

  it('often while it begins or ends', () => {
    assert.equal(next(new Looks()), 10);
    for (const word of ['Preparing', 'Starting', 'Finalizing', 'CancelRequested', 'Running']) {
      const looks = new Looks();
      looks.look(status(word), trainer(null));
      assert.equal(next(looks), 10, word);
    }
    const looks = new Looks().started();
    looks.look(running, trainer(beat({ sequence: 2, state: 'evaluating' })));
    assert.equal(next(looks), 10);
  });

  it('within two seconds after a warning in the heartbeat', () => {
    const looks = new Looks().started();
    looks.look(running, trainer(beat({ sequence: 2, warned: true })));
    assert.equal(next(looks), 2);
  });

  it('within two seconds after the last beat of a trainer that is gone, until Azure says so too', () => {
    const looks = new Looks().started();
    looks.look(running, trainer(beat({ sequence: 2, gone: true })));
    assert.equal(next(looks), 2);
    looks.look(status('Queued'), trainer(beat({ sequence: 2, gone: true })));
    assert.equal(next(looks), 30);
  });

  it('as soon while Azure closes the job, and no sooner than else where it takes a minute for it', () => {
    const gone = trainer(beat({ sequence: 2, warned: true, gone: true }));
    for (const [word, later] of [
      ['Finalizing', 10],
      ['NotResponding', 30],
    ] as const) {
      const looks = new Looks().started();
      looks.look(running, gone);
      looks.look(status(word), gone);
      assert.equal(next(looks), 2, word);
      for (let seconds = 0; seconds < 60; seconds += 30) looks.look(status(word), gone);
      assert.equal(next(looks), later, word);
    }
  });

  it('ever more slowly while Azure says that we ask too often, and as before when it does not', () => {
    const looks = new Looks().started();
    const pauses = Array.from({ length: 6 }, () => {
      looks.look(throttled, trainer(beat({ warned: true })));
      return next(looks);
    });
    assert.deepEqual(pauses, [60, 120, 240, 480, 600, 600]);
    for (const sequence of [3, 4]) looks.look(running, trainer(beat({ sequence })));
    assert.equal(next(looks), 30);
  });

  it('at the heartbeat alone every three seconds between two looks at a job that trains, and at nothing else', () => {
    const looks = new Looks().started();
    const glance = (after: number) => nextGlanceSeconds(looks.memory, looks.at + after * 1000, looks.rules.pollSeconds);
    assert.deepEqual([0, 10, 28, 29.5, 40].map(glance), [3, 3, 2, null, null]);
    looks.look(status('Queued'), trainer(beat({ sequence: 2 })));
    assert.equal(glance(1), null, 'it waits for its nodes');
    assert.equal(nextGlanceSeconds(new Looks().memory, 0, 30), null, 'no heartbeat was ever heard');
    const silent = new Looks().started();
    silent.look(throttled, trainer(beat({ sequence: 2 })));
    assert.equal(nextGlanceSeconds(silent.memory, silent.at, 30), null, 'Azure did not answer');
  });

  it('at once where the heartbeat gives a notice that was not heard before', () => {
    const heard = beat({});
    assert.equal(isNotice(heard, beat({ sequence: 9, step: 99 })), false);
    for (const news of [{ warned: true }, { gone: true }, { stuck: true }]) {
      assert.equal(isNotice(heard, beat(news)), true);
      assert.equal(isNotice(beat(news), beat(news)), false);
    }
  });

  it('soon behind an outage, until a heartbeat is seen to change again', () => {
    const looks = new Looks().started();
    looks.look(throttled, trainer(beat({ sequence: 2 })));
    looks.look(running, trainer(beat({ sequence: 3 })));
    assert.equal(next(looks), 10);
  });

  it('never faster than a config with a short poll asks for', () => {
    const looks = new Looks({ watch: { pollSeconds: 0.5 } });
    assert.equal(next(looks), 0.5);
  });
});
