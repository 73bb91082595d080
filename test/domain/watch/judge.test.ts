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

  it('counts for the pace only time that a step came of: a trainer that stands still has no slow pace', () => {
    const looks = new Looks({ watch: { pollSeconds: 30 } }).started();
    const works = (index: number) => trainer(beat({ sequence: index + 10, step: index * 3 + 10 }));
    looks.forSeconds(600, running, works);
    const { pace } = looks.memory;
    assert.equal(pace.seconds / pace.steps, 10);
    const stands = () => trainer(beat({ sequence: 999, step: looks.memory.heartbeat?.step ?? 0 }));
    looks.forSeconds(240, running, stands);
    assert.deepEqual(looks.memory.pace, pace);
    const next = (index: number) =>
      trainer(beat({ sequence: 1000 + index, step: (looks.memory.heartbeat?.step ?? 0) + 3 }));
    looks.forSeconds(30, running, next);
    assert.deepEqual(looks.memory.pace, { steps: pace.steps + 3, seconds: pace.seconds + 270 });
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
