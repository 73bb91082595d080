import assert from 'node:assert/strict';
import { join } from 'node:path';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { accountLines, accountOf, missing } from '../../cli/rehearsal/account.js';
import type { Done } from '../../cli/rehearsal/onlooker.js';
import { type Scenario, readScenario } from '../../cli/rehearsal/scenario.js';
import { endOf, isSignOf } from '../../cli/rehearsal/signs.js';
import type { RunEvent, RunEventBody } from '../../domain/events.js';
import { describeEvent } from '../../domain/events.js';
import type { WatchAlert } from '../../domain/watch/alerts.js';
import type { RunReport } from '../../domain/report.js';
import { FACE_NAMES } from '../../emulator/faces/faces.js';
import { installation } from '../../installation.js';
import { checkScenario } from '../../emulator/scenario/language/document.js';

const harsh = readScenario(join(installation, 'configs', 'harsh.scenario.yaml')) ?? assert.fail('it has no scenes');
const deeds = harsh.scenes.flatMap((scene) => scene.do);

describe('cli: the harsh scenario', () => {
  it('takes nodes with all six faces, kills each part once, corrupts checkpoints, and darkens the control plane for an hour', () => {
    const faces = deeds.flatMap((deed) => ('evict' in deed ? [deed.evict.face] : []));
    const kills = deeds.flatMap((deed) => ('kill' in deed ? [deed.kill] : []));
    const faults = deeds.flatMap((deed) => ('fault' in deed ? [deed.fault] : []));
    assert.deepEqual(faces.sort(), [...FACE_NAMES].sort());
    assert.deepEqual(kills.sort(), ['azureml', 'azurite', 'temporal', 'worker']);
    assert.deepEqual(
      faults.flatMap(({ storage = [], requests = [] }) =>
        [...storage, ...requests].map(({ kind, until }) => [kind, until]),
      ),
      [
        ['bitFlipped', undefined],
        ['outage', 3600],
      ],
    );
  });

  it('says nothing that the emulator would refuse', () => {
    for (const deed of deeds) {
      if ('fault' in deed) checkScenario(deed.fault, 'harsh');
      if ('evict' in deed) checkScenario({ rules: [{ when: { at: 1 }, do: { evict: deed.evict } }] }, 'harsh');
    }
  });

  it('goes up step by step, and leaves a checkpoint between two scenes', () => {
    const steps = harsh.scenes.map(({ step }) => step);
    for (const [index, step] of steps.slice(1).entries()) assert.ok(step - (steps[index] ?? 0) >= 40, `${step}`);
  });
});

describe('cli: a scenario', () => {
  it('without scenes is one of the emulator', () => {
    assert.equal(readScenario(join(installation, 'configs', 'demo.scenario.yaml')), null);
  });

  it('that is wrong is refused with the name of the field', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bertha-scenario-'));
    const refused = (text: string, words: RegExp) => {
      writeFileSync(join(folder, 'x.yaml'), text);
      assert.throws(() => readScenario(join(folder, 'x.yaml')), words);
    };
    try {
      refused(
        'config: a.yaml\nscenes: [{ step: -1, say: x, do: [{ kill: worker, seconds: 1 }] }]',
        /wrong at scenes\.0\.step: /,
      );
      refused('scenes: [}', /cannot be read: /);
      assert.throws(() => readScenario(join(folder, 'none.yaml')), /none\.yaml cannot be read: ENOENT/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const event = (body: RunEventBody, at = 2000): RunEvent => ({ ...body, at, sequence: 1 });
const alert = (one: WatchAlert, at?: number) =>
  event({ kind: 'watch-alert', jobName: 'harsh-p1-a001', alert: one }, at);
const ended = (ending: 'preempted' | 'completed' | 'unknown') =>
  event({
    kind: 'attempt-ended',
    phase: 'p1',
    jobName: 'harsh-p1-a001',
    ending,
    lastStep: 70,
    because: 'b',
    preemptedNodes: [],
  });

describe('cli: by what a deed is noticed', () => {
  const [failed] = deeds;
  const named = (title: string) =>
    deeds.find((deed) => ('kill' in deed ? deed.kill : 'evict' in deed ? deed.evict.face : deed.is) === title) ??
    assert.fail(title);

  it('a lost job by its end, but not by a good one', () => {
    assert.ok(failed !== undefined && isSignOf(failed, ended('preempted')));
    assert.equal(isSignOf(failed, ended('completed')), false);
  });

  it('a dead worker and a dead server by the time in which nobody looked', () => {
    for (const part of ['worker', 'temporal']) {
      assert.ok(isSignOf(named(part), alert({ kind: 'unwatched', seconds: 20 })));
      assert.equal(isSignOf(named(part), ended('preempted')), false);
    }
  });

  it('a dead storage and an outage by blindness, each to its own, and they are over when it ends', () => {
    for (const [title, to, other] of [
      ['azurite', 'storage', 'azure'],
      ['hour-long outage', 'azure', 'storage'],
    ] as const) {
      assert.ok(isSignOf(named(title), alert({ kind: 'blind', to, seconds: 9, why: '' })));
      assert.equal(isSignOf(named(title), alert({ kind: 'blind', to: other, seconds: 9, why: '' })), false);
      assert.equal(endOf(named(title))?.(alert({ kind: 'sight-again', to, seconds: 9 })), true);
    }
    assert.equal(endOf(named('worker')), null);
  });
});

describe('cli: the account of a rehearsal', () => {
  const scenario: Scenario = {
    config: 'x.yaml',
    speed: 1,
    scenes: [{ step: 50, say: 'x', do: [{ evict: { face: 'failed', node: 1 } }, { kill: 'worker', seconds: 1 }] }],
  };
  const [evict, kill] = scenario.scenes[0]?.do ?? [];
  const unwatched = alert({ kind: 'unwatched', seconds: 20 }, 3000);
  const done = (over: Partial<Done>): Done => ({
    deed: evict ?? assert.fail(),
    step: 52,
    at: 1000,
    incarnation: 'i1',
    sign: ended('preempted'),
    over: true,
    again: { at: 11_000, incarnation: 'i2' },
    ...over,
  });
  const both = [done({}), done({ deed: kill ?? assert.fail(), sign: unwatched })];
  const steps = new Map([
    ['i1', { first: 0, last: 70 }],
    ['i2', { first: 40, last: 90 }],
  ]);
  const report = (changes: { ending?: string; incidents?: RunReport['incidents'] } = {}) =>
    ({
      outcome: 'completed',
      phases: [
        { attempts: [{ job: 'harsh-p1-a001', ending: changes.ending ?? 'preempted', because: 'node 1 preempted' }] },
      ],
      incidents: changes.incidents ?? [{ at: new Date(3000).toISOString(), text: describeEvent(unwatched) }],
    }) as unknown as RunReport;

  it('tells how each deed was noticed, after how long, what it cost, and how the report explains it', () => {
    const rows = accountOf(scenario, { done: both, steps }, report());
    assert.deepEqual(missing(rows, report()), []);
    assert.deepEqual(accountLines(rows, 100), [
      'step  what was done          noticed as       after  cost',
      '  52  preemption: failed     ended preempted  1.0 s  30 steps, 10 s',
      '      report: harsh-p1-a001 preempted: node 1 preempted',
      '  52  kill -9 of the worker  unwatched        2.0 s  no step',
      ...[
        '      report: job harsh-p1-a001 was not looked at for 20 s: no worker ran, Temporal was away, or the',
        '      worker had too much to do; it was left to itself',
      ],
    ]);
  });

  it('names what is missing: a deed that never came, was not noticed or is not explained, an end that nobody knows', () => {
    const gaps = (list: readonly Done[], of = report()) => missing(accountOf(scenario, { done: list, steps }, of), of);
    assert.deepEqual(gaps(both.slice(0, 1)), ['kill -9 of the worker: it was never done']);
    assert.deepEqual(gaps([done({ sign: null }), both[1] ?? assert.fail()]), ['preemption: failed: nobody noticed']);
    assert.deepEqual(gaps(both, report({ incidents: [] })), ['kill -9 of the worker: the report does not explain it']);
    assert.deepEqual(gaps(both, report({ ending: 'unknown' })), ['harsh-p1-a001: its end is not explained']);
    assert.deepEqual(missing([], null), ['the run did not complete']);
  });
});
