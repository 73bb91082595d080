import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../../domain/attempts.js';
import type { RunEvent } from '../../../domain/events.js';
import { timeline } from '../../../domain/goodput/timeline.js';
import { at, nth, saved, secondsIn, start, words } from './facts.js';

const told = (until: number, attempts: readonly AttemptRecord[], events: readonly RunEvent[] = []) =>
  timeline({ from: 0, until: until * 1000, events, attempts, heads: {} });

const submitted = (seconds: number, jobName: string) =>
  at(seconds, { kind: 'job-submitted', phase: 'p1', jobName, resumeStep: null, adopted: false });
const ended = (seconds: number, { jobName, ending }: AttemptRecord) =>
  at(seconds, { kind: 'attempt-ended', phase: 'p1', jobName, ending, lastStep: 1, because: '', preemptedNodes: [] });
const operator = (seconds: number, command: 'pause' | 'resume' | 'cancel') =>
  at(seconds, { kind: 'operator', command, by: null, effect: '' });

describe('domain: goodput, the time of a run', () => {
  it('is told from the first check to the report', () => {
    const one = nth(1, 100, 700, {
      ending: 'completed',
      head: saved(1, 500),
      keptStep: 500,
      starts: [start(180, 680)],
    });
    const events = [
      at(0, { kind: 'run-started', continued: false }),
      at(10, { kind: 'stage-started', stage: 'data' }),
      at(60, { kind: 'stage-started', stage: 'infrastructure' }),
      at(90, { kind: 'stage-started', stage: 'phase:p1' }),
      submitted(103, one.jobName),
      at(720, { kind: 'stage-started', stage: 'finalize' }),
    ];
    assert.equal(
      words(told(760, [one], events)),
      'preflight 10, data 50, infrastructure 30, decide 10, submit 3, queue 17, boot 30, startup 20, restore 10, ' +
        'useful 500, finalizing 20, detect 5, decide 15, closing 40',
    );
  });

  it('pays for nodes from the boot to the end of the job, and for none while a job waits for them', () => {
    const segments = told(800, [nth(1, 100, 700, { starts: [start(180, 680)] })]);
    assert.deepEqual(
      segments.filter(({ nodes }) => nodes > 0).map(({ bucket, nodes }) => [bucket, nodes]),
      [
        ['boot', 2],
        ['startup', 2],
        ['restore', 2],
        ['lost-work', 2],
        ['finalizing', 2],
      ],
    );
  });

  it('pays from the first word of the trainer where Azure does not tell since when there were nodes', () => {
    const segments = told(800, [nth(1, 100, 700, { nodesFrom: null, starts: [start(180, 680)] })]);
    assert.equal(
      words(segments.filter(({ nodes }) => nodes > 0)),
      'startup 20, restore 10, lost-work 500, finalizing 20',
    );
  });

  it('counts as lost what a preemption undid, and what a later fallback undid though it had been kept', () => {
    const first = nth(1, 0, 600, { head: saved(1, 300), keptStep: 300, starts: [start(80, 580)] });
    const second = nth(2, 700, 1300, { resumedFrom: saved(1, 300), head: saved(1, 100), keptStep: null });
    const resumed = { ...second, starts: [start(780, 1280, { firstStep: 301, lastStep: 800 })] };
    assert.equal(secondsIn(told(650, [first]), 'useful'), 300);
    const fallenBack = told(1400, [first, resumed]);
    assert.deepEqual([secondsIn(fallenBack, 'useful'), secondsIn(fallenBack, 'lost-work')], [100, 900]);
  });

  it('counts a start in place by where the next one took up, and the time between them as boot', () => {
    const starts = [
      start(80, 280, { incarnation: 'i1', firstStep: 1, lastStep: 200 }),
      start(400, 580, { incarnation: 'i2', firstStep: 151, lastStep: 330 }),
    ];
    const one = nth(1, 0, 600, { ending: 'completed', head: saved(1, 330, 'i2'), keptStep: 330, starts });
    assert.equal(
      words(told(600, [one])),
      'queue 20, boot 30, startup 20, restore 10, useful 150, lost-work 50, boot 90, startup 20, restore 10, useful 180, finalizing 20',
    );
  });

  it('keeps nothing of a later start where the checkpoint that counts is of an earlier one', () => {
    const starts = [
      start(80, 280, { incarnation: 'i1', firstStep: 1, lastStep: 200 }),
      start(400, 580, { incarnation: 'i2', firstStep: 1, lastStep: 180 }),
    ];
    const one = nth(1, 0, 600, { head: saved(1, 150, 'i1'), keptStep: 150, starts });
    const segments = told(600, [one]);
    assert.deepEqual([secondsIn(segments, 'useful'), secondsIn(segments, 'lost-work')], [150, 230]);
  });

  it('takes checkpoint stalls out of the training that they interrupt, each part in its share', () => {
    const starts = [start(80, 480, { stallSeconds: 40, lastStallSeconds: 7, lastStep: 400 })];
    const segments = told(600, [nth(1, 0, 500, { head: saved(1, 300), keptStep: 300, starts })]);
    assert.deepEqual(
      ['useful', 'lost-work', 'checkpoint-stall', 'finalizing'].map((name) => secondsIn(segments, name as 'useful')),
      [270, 90, 47, 13],
    );
  });

  it('calls it a hang until the limit noticed it, and stopping from there', () => {
    const one = nth(1, 0, 1000, { ending: 'hung', starts: [start(80, 280)] });
    const limit = { kind: 'limit-passed', limit: 'stalled', seconds: 600, limitSeconds: 600 } as const;
    const segments = told(1000, [one], [at(900, { ...limit, jobName: one.jobName })]);
    assert.deepEqual([secondsIn(segments, 'hang'), secondsIn(segments, 'stopping')], [620, 100]);
  });

  it('leaves the queue a queue where a job waited too long, and lets an operator wait for steps that are done meanwhile', () => {
    const queued = nth(1, 0, 300, { nodesFrom: null, ending: 'queued-too-long' });
    const limit = { kind: 'limit-passed', limit: 'queued', seconds: 250, limitSeconds: 250 } as const;
    assert.equal(
      words(told(300, [queued], [at(280, { ...limit, jobName: queued.jobName })])),
      'queue 280, stopping 20',
    );
    const paused = nth(1, 0, 300, { ending: 'stopped-on-request', starts: [start(80, 280)] });
    const segments = told(300, [paused], [operator(250, 'pause')]);
    assert.deepEqual([secondsIn(segments, 'lost-work'), secondsIn(segments, 'stopping')], [200, 20]);
  });

  it('tells waits for capacity, other pauses, and the time of a person apart', () => {
    const refused = nth(1, 0, 50, { nodesFrom: null, ending: 'no-capacity' });
    const crashed = nth(2, 200, 300, { ending: 'lost-peer', starts: [] });
    const third = nth(3, 900, 950, { nodesFrom: null });
    const waiting = (seconds: number, pause: number) =>
      at(seconds, { kind: 'waiting', phase: 'p1', seconds: pause, reason: '' });
    const events = [
      at(0, { kind: 'stage-started', stage: 'phase:p1' }),
      ...[ended(56, refused), waiting(60, 120), ended(306, crashed), waiting(310, 90)],
      ...[operator(450, 'pause'), operator(850, 'resume')],
    ];
    const segments = told(950, [refused, crashed, third], events);
    assert.deepEqual(
      (['capacity-wait', 'backoff', 'person'] as const).map((bucket) => secondsIn(segments, bucket)),
      [120, 90, 400],
    );
  });

  it('does not call a pause the time of a person while the job is still being ended', () => {
    const one = nth(1, 0, 600, { ending: 'stopped-on-request', starts: [start(80, 500)] });
    const stage = at(0, { kind: 'stage-started', stage: 'phase:p1' });
    const segments = told(1000, [one], [stage, operator(400, 'pause')]);
    assert.deepEqual([secondsIn(segments, 'stopping'), secondsIn(segments, 'person')], [100, 395]);
  });

  it('calls the time between an end and a person who takes the run up again that person’s', () => {
    const events = [
      at(0, { kind: 'run-started', continued: false }),
      at(10, { kind: 'stage-started', stage: 'phase:p1' }),
      operator(100, 'cancel'),
      at(130, { kind: 'run-ended', outcome: 'canceled', because: '' }),
      at(500, { kind: 'run-started', continued: true }),
    ];
    assert.equal(words(told(510, [], events)), 'preflight 10, decide 90, closing 30, person 370, preflight 10');
  });

  it('blames an outage for what nobody noticed meanwhile, never for the time in which a job trained', () => {
    const one = nth(1, 0, 600, { seenEndAt: 1_500_000, head: saved(1, 500), keptStep: 500, starts: [start(80, 580)] });
    const alert = { kind: 'unwatched', seconds: 1200 } as const;
    const events = [
      at(0, { kind: 'stage-started', stage: 'phase:p1' }),
      at(1500, { kind: 'watch-alert', jobName: one.jobName, alert }),
    ];
    const segments = told(1600, [one], events);
    assert.deepEqual(
      (['useful', 'outage', 'detect'] as const).map((bucket) => secondsIn(segments, bucket)),
      [500, 900, 0],
    );
  });

  it('blames Azure where it gave no answer, and Temporal where a lost workflow was followed by another', () => {
    const one = nth(1, 0, 600, { seenEndAt: 1_500_000 });
    const blind = { kind: 'sight-again', to: 'azure', seconds: 1000 } as const;
    const segments = told(1500, [one], [at(1500, { kind: 'watch-alert', jobName: one.jobName, alert: blind })]);
    assert.deepEqual([secondsIn(segments, 'azure-outage'), secondsIn(segments, 'detect')], [900, 0]);
    const lost = [
      at(0, { kind: 'stage-started', stage: 'phase:p1' }),
      at(400, { kind: 'run-started', continued: true }),
    ];
    assert.equal(words(told(410, [], lost)), 'outage 400, preflight 10');
  });

  it('reads attempts of earlier releases, which tell neither starts nor when their end was known', () => {
    const { starts, seenEndAt, ...older } = nth(1, 60, 660, {
      ...{
        trainingFrom: 180_000,
        keptUntil: 360_000,
        trainedUntil: 540_000,
        keptStep: 120,
        firstStep: 1,
        lastStep: 360,
      },
    });
    assert.deepEqual([starts, seenEndAt], [[], 665_000]);
    assert.equal(
      words(told(700, [older])),
      'unexplained 60, queue 20, boot 100, useful 180, lost-work 180, finalizing 120, unexplained 40',
    );
  });

  it('is a single unexplained piece where nothing is told, and nothing at all where no time has passed', () => {
    assert.equal(words(told(100, [])), 'unexplained 100');
    assert.deepEqual(told(0, [nth(1, 0, 10)]), []);
  });
});
