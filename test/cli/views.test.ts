import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { makeCall } from '../../cli/call.js';
import { jsonView } from '../../cli/view/json.js';
import { modelOf } from '../../cli/view/model.js';
import { plainView } from '../../cli/view/plain.js';
import { blockLines, terminalView } from '../../cli/view/terminal.js';
import { clock, span } from '../../cli/words.js';
import { capturingIo, linesOf } from './support/run.js';
import { checkpoint, events, NOW, progress, runView, status } from './support/views.js';

const facts = { now: NOW };
const look = { columns: 120, rows: 40, color: false, unicode: true };
const context = { now: NOW, notice: null };

describe('cli: model of a view', () => {
  it('marks each stage and says what a phase still needs', () => {
    const { stages, phases, elapsed } = modelOf(runView(), facts);
    assert.deepEqual(
      stages.map(({ title, mark }) => `${title} ${mark}`),
      [
        'preflight done',
        'data done',
        'infrastructure done',
        'phase p1 running',
        'phase p2 waiting',
        'finalize waiting',
      ],
    );
    assert.equal(elapsed, 72);
    const p1 = phases[0];
    assert.equal(p1?.step, 143);
    assert.equal(p1.secondsLeft, ((360 - 143) * 128) / 1280);
    assert.equal(p1.checkpointAge, 3);
    assert.equal(p1.doing, null);
  });

  it('shows the checkpoint as the place of a phase whose new job has not spoken yet', () => {
    const view = runView({
      status: status({ jobName: 'demo-p1-a002', head: checkpoint(120) }),
      progress: progress({ step: 143 }),
    });
    const remembered = new Map([['p1', progress({ lossMlm: 6.5 })]]);
    const p1 = modelOf(view, facts, remembered).phases[0];
    assert.equal(p1?.step, 120);
    assert.equal(p1.loss, 6.5);
    assert.equal(p1.doing, 'job submitted');
    assert.equal(p1.secondsLeft, null);
  });

  it('keeps what was last seen of a job while the storage tells nothing of its trainer', () => {
    const blank = progress({ state: null, step: null, lossMlm: null, checkpointStep: null, at: null });
    const seen = progress({ step: 143 });
    const withPast = modelOf(runView({ progress: blank }), facts, new Map([['p1', seen]])).phases[0];
    assert.deepEqual([withPast?.step, withPast?.doing], [143, null]);
    assert.equal(modelOf(runView({ progress: blank }), facts).phases[0]?.doing, 'starting the trainer');
  });

  it('says in plain words what goes on where it is not training', () => {
    const doing = (changes: Parameters<typeof progress>[0]) =>
      modelOf(runView({ progress: progress(changes) }), facts).phases[0]?.doing;
    assert.equal(doing({ jobStatus: 'Queued' }), 'waiting for nodes');
    assert.equal(doing({ state: 'restoring' }), 'loading the checkpoint');
    assert.equal(doing({ state: 'checkpointing' }), 'saving a checkpoint');
    assert.equal(doing({ at: NOW - 95_000 }), 'nothing heard for 95 s');
    assert.equal(doing({ jobStatus: 'SomethingNew' }), 'job is SomethingNew');
    const unwatched = modelOf(runView({ progress: null }), facts, new Map([['p1', progress()]]));
    assert.equal(unwatched.phases[0]?.doing, 'finding out how the job ended');
    assert.equal(unwatched.phases[0]?.step, 143);
  });

  it('marks the stage in which a run failed or was canceled', () => {
    const markOf = (state: 'failed' | 'canceled') =>
      modelOf(runView({ state }), facts).stages.find(({ title }) => title === 'phase p1')?.mark;
    assert.equal(markOf('failed'), 'failed');
    assert.equal(markOf('canceled'), 'canceled');
  });

  it('has neither stages nor phases before the first words of a run', () => {
    const model = modelOf(runView({ status: null, progress: null }), facts);
    assert.deepEqual([model.stages, model.phases], [[], []]);
  });
});

describe('cli: terminal view', () => {
  it('paints headline, stages, and a progress line per phase', () => {
    assert.deepEqual(blockLines(modelOf(runView(), facts), look), [
      '',
      'demo  running for 72 s  job demo-p1-a001',
      '✓ preflight   ✓ data   ✓ infrastructure   ▶ phase p1   · phase p2   · finalize',
      `▶ p1  ${'█'.repeat(9)}${'░'.repeat(15)}  143/360   39 %  loss 6.412  22 s left  checkpoint 120, 3 s ago  1,280 sequences/s`,
      '  p2  40 steps to come',
    ]);
  });

  it('never paints a line wider than the terminal, and drops the least important first', () => {
    const model = modelOf(runView(), facts);
    for (let columns = 20; columns <= 140; columns += 1) {
      for (const line of blockLines(
        model,
        { ...look, columns },
        'no worker runs: the run waits and loses nothing; start one with: npx bertha worker',
      )) {
        assert.ok(line.length < columns, `${columns}: ${line}`);
      }
    }
    const narrow = blockLines(model, { ...look, columns: 70 }).find((line) => line.includes('loss'));
    assert.equal(narrow, '▶ p1  143/360   39 %  loss 6.412  22 s left  checkpoint 120, 3 s ago');
  });

  it('does with ASCII where the locale has no UTF-8', () => {
    const lines = blockLines(modelOf(runView(), facts), { ...look, unicode: false });
    assert.ok(
      lines.every((line) => /^[\x20-\x7e]*$/.test(line)),
      lines.join('\n'),
    );
  });

  it('uses colours only where asked to', () => {
    const model = modelOf(runView(), facts);
    const colored = blockLines(model, { ...look, color: true }).join('\n');
    assert.notEqual(colored, stripVTControlCharacters(colored));
    assert.equal(stripVTControlCharacters(colored), blockLines(model, look).join('\n'));
  });

  it('paints over its block, lets events scroll above it, and gives the cursor back', () => {
    const { io, said } = capturingIo({ interactive: true });
    const view = terminalView(io);
    const model = modelOf(runView(), facts);
    view.update(model, [], context);
    const height = linesOf(said.out).length;
    said.out = '';
    view.update(model, events({ kind: 'run-started', continued: false }), context);
    assert.ok(said.out.includes(`\x1b[${height}A\r\x1b[0J`), JSON.stringify(said.out));
    assert.match(linesOf(said.out)[0] ?? '', /run started$/);
    said.out = '';
    view.end();
    view.note('stopping the stack ...');
    assert.equal(said.out, '\x1b[?25hstopping the stack ...\n');
  });
});

describe('cli: plain view', () => {
  it('prints events in plain words', () => {
    const lines: string[] = [];
    const happened = events(
      {
        kind: 'attempt-ended',
        phase: 'p1',
        jobName: 'demo-p1-a001',
        ending: 'preempted',
        lastStep: 143,
        because: 'x',
        preemptedNodes: ['1'],
      },
      { kind: 'resuming', phase: 'p1', step: 120, reason: 'resuming from step 120, checkpoint verified' },
    );
    plainView((line) => lines.push(line)).update(modelOf(runView(), facts), happened, context);
    assert.deepEqual(lines.slice(0, 2), [
      `${clock(NOW - 60_000, NOW)}  node 1 of job demo-p1-a001 was preempted at step 143`,
      `${clock(NOW - 59_000, NOW)}  resuming from step 120, checkpoint verified`,
    ]);
  });

  it('prints progress every 5 s or 10 %, and never twice the same', () => {
    const lines: string[] = [];
    const view = plainView((line) => lines.push(line));
    const at = (step: number, seconds: number) =>
      view.update(modelOf(runView({ progress: progress({ step }) }), facts), [], {
        now: NOW + seconds * 1000,
        notice: null,
      });
    at(10, 0);
    at(12, 1); // neither long ago nor far on
    at(12, 4);
    at(50, 4.5); // 11 % further
    at(55, 9.4);
    at(55, 9.6); // long ago, and step 55 is news
    at(55, 20); // no news
    assert.deepEqual(
      lines.map((line) => /(\d+)\/360/.exec(line)?.[1]),
      ['10', '50', '55'],
    );
  });

  it('prints a notice once while it lasts', () => {
    const lines: string[] = [];
    const view = plainView((line) => lines.push(line));
    const model = modelOf(runView({ status: null, progress: null }), facts);
    for (const notice of ['no worker runs', 'no worker runs', null, 'no worker runs'])
      view.update(model, [], { now: NOW, notice });
    assert.equal(lines.length, 2);
  });
});

describe('cli: JSON view', () => {
  it('prints an object a line: each event with its words, progress when it changed', () => {
    const { io, said } = capturingIo();
    const view = jsonView(makeCall(io, { json: true, stack: 'local' }));
    const model = modelOf(runView(), facts);
    view.update(model, events({ kind: 'stage-started', stage: 'phase:p1' }), context);
    view.update(model, [], context);
    view.update(modelOf(runView({ progress: progress({ step: 144 }) }), facts), [], context);
    const objects = linesOf(said.out).map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      objects.map(({ type, text, step }) => [type, text ?? step]),
      [
        ['event', 'phase p1 started'],
        ['progress', 143],
        ['progress', 144],
      ],
    );
    const { phase, job, steps, loss, sequencesPerSecond, secondsLeft, checkpointStep, checkpointAgeSeconds } =
      objects[1] ?? {};
    assert.deepEqual(
      { phase, job, steps, loss, sequencesPerSecond, secondsLeft, checkpointStep, checkpointAgeSeconds },
      {
        phase: 'p1',
        job: 'demo-p1-a001',
        steps: 360,
        loss: 6.4123,
        sequencesPerSecond: 1280,
        secondsLeft: 21.7,
        checkpointStep: 120,
        checkpointAgeSeconds: 3,
      },
    );
  });
});

describe('cli: words', () => {
  it('spans are whole seconds, minutes, hours, days', () => {
    assert.deepEqual([0.4, 95, 125, 11_100, 1_047_600].map(span), [
      '0 s',
      '95 s',
      '2 min 05 s',
      '3 h 05 min',
      '12 d 03 h',
    ]);
  });

  it('a time of another day carries its date', () => {
    assert.match(clock(NOW - 1000, NOW), /^\d\d:\d\d:\d\d$/);
    assert.match(clock(NOW - 3 * 86_400_000, NOW), /^2026-11-\d\d \d\d:\d\d:\d\d$/);
  });
});
