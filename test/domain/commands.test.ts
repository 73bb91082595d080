import assert from 'node:assert/strict';
import { refusalOf } from '../../domain/command-refusals.js';
import { type Command, type Operator, type RunFacts, fulfilled, newOperator, obey } from '../../domain/commands.js';

const run: RunFacts = { ended: false, jobName: 'demo-p1-a001', held: false, phases: ['p1', 'p2'], phasesDone: ['p1'] };
let ids = 0;
type Body = Command extends infer C ? (C extends Command ? Omit<C, 'id' | 'by'> : never) : never;
const command = (body: Body, id = `c${++ids}`): Command => ({ id, by: 'ada', ...body });
const pause = () => command({ kind: 'pause' });

/** Carries out commands in turn; a refused one is an error of the test. */
function after(commands: readonly Command[], facts = run, from = newOperator()): Operator {
  return commands.reduce((operator, one) => {
    assert.equal(refusalOf(one, operator, facts), null);
    return obey(one, operator, facts, 1000).operator;
  }, from);
}

describe('domain: what an operator can ask', () => {
  it('pauses and resumes', () => {
    const paused = after([pause()]);
    assert.deepEqual(paused.paused, { at: 1000, by: 'ada' });
    assert.equal(after([command({ kind: 'resume' })], run, paused).paused, null);
  });

  it('is carried out once, however often it arrives', () => {
    const window = command({ kind: 'skip-window', phase: 'p2', from: 0, to: 128 }, 'same');
    const wake = command({ kind: 'wake-up' }, 'wake');
    const twice = after([window, wake, wake, window, wake]);
    assert.equal(twice.wakeUps, 1);
    assert.equal(obey(window, twice, run, 1).effect, null);
    const stale = command({ kind: 'pause' }, 'old');
    const resumed = after([stale, command({ kind: 'resume' })]);
    assert.equal(after([stale], run, resumed).paused, null);
  });

  it('is taken again after it was carried out, also when it would be refused by now', () => {
    const window = command({ kind: 'skip-window', phase: 'p2', from: 0, to: 128 });
    const operator = after([window]);
    assert.equal(refusalOf(window, operator, { ...run, ended: true }), null);
  });

  it('says what a second pause or a needless resume changes: nothing', () => {
    const paused = after([pause()]);
    assert.equal(obey(pause(), paused, run, 2000).effect, null);
    assert.equal(obey(command({ kind: 'resume' }), newOperator(), run, 2000).effect, null);
  });

  it('leaves a hold, and leaves no later one by itself', () => {
    const held = { ...run, jobName: null, held: true };
    const released = after([command({ kind: 'resume' })], held);
    assert.equal(released.released, true);
    assert.equal(fulfilled(released).released, false);
    assert.equal(after([command({ kind: 'resume' })]).released, false);
  });

  it('sets a deadline or takes it away, and refuses what is no time', () => {
    const set = (at: number | null) => command({ kind: 'set-deadline', at });
    const at = Date.parse('2026-12-24T18:00:00Z');
    assert.deepEqual(after([set(at)]).deadline, { at });
    assert.deepEqual(after([set(at), set(null)]).deadline, { at: null });
    assert.match(refusalOf(set(NaN), newOperator(), run) ?? '', /^the deadline is no time; write it as 2026-/);
    assert.match(refusalOf(set(3_600), newOperator(), run) ?? '', /^the deadline is no time/);
    assert.equal(obey(set(at), newOperator(), run, 0).effect, 'the run must be done by 2026-12-24T18:00:00.000Z');
  });

  it('adds up windows, and sets the interval or gives it back to the config', () => {
    const window = (from: number, to: number) => command({ kind: 'skip-window', phase: 'p2', from, to });
    const operator = after([
      window(128, 256),
      window(0, 128),
      command({ kind: 'set-interval', seconds: 60, steps: null }),
    ]);
    assert.deepEqual(operator.skipWindows, { p2: [{ from: 0, to: 256 }] });
    assert.deepEqual(operator.interval, { seconds: 60, steps: null });
    const back = after([command({ kind: 'set-interval', seconds: null, steps: null })], run, operator);
    assert.equal(back.interval, null);
  });

  it('asks for recovery until it is fulfilled', () => {
    const asked = after([command({ kind: 'recover-now' })]);
    assert.equal(asked.recoverNow, true);
    assert.equal(obey(command({ kind: 'recover-now' }), asked, run, 1).effect, null);
    assert.equal(fulfilled(asked).recoverNow, false);
  });

  it('cancels for good', () => {
    const canceled = after([command({ kind: 'cancel', reason: 'wrong data' })]);
    assert.equal(canceled.canceled?.reason, 'wrong data');
    assert.match(refusalOf(pause(), canceled, run) ?? '', /is being canceled/);
    assert.equal(obey(command({ kind: 'cancel', reason: null }), canceled, run, 1).effect, null);
  });

  it('remembers a hundred ids and stays small', () => {
    const operator = after(Array.from({ length: 300 }, () => command({ kind: 'wake-up' })));
    assert.deepEqual([operator.carriedOut.length, operator.wakeUps], [100, 300]);
  });

  const refusals: [string, Body, Partial<RunFacts>, RegExp][] = [
    ['anything of a run that has ended', { kind: 'pause' }, { ended: true }, /the run has ended/],
    ['two intervals', { kind: 'set-interval', seconds: 60, steps: 10 }, {}, /60 s or 10 steps, not both/],
    [
      'an interval that saves more than it trains',
      { kind: 'set-interval', seconds: 1, steps: null },
      {},
      /not between 5 and 86400 s/,
    ],
    ['half a step', { kind: 'set-interval', seconds: null, steps: 0.5 }, {}, /0\.5 steps is not a whole number/],
    [
      'a window of no phase',
      { kind: 'skip-window', phase: 'p9', from: 0, to: 1 },
      {},
      /no phase p9; choose from p1, p2/,
    ],
    ['a window of a phase that is done', { kind: 'skip-window', phase: 'p1', from: 0, to: 1 }, {}, /p1 is done/],
    ['a window that is none', { kind: 'skip-window', phase: 'p2', from: 5, to: 5 }, {}, /samples 5 to 5 are no window/],
    ['recovery where no job is', { kind: 'recover-now' }, { jobName: null }, /no job is submitted/],
  ];
  for (const [what, body, facts, expected] of refusals) {
    it(`refuses ${what}, in a sentence`, () => {
      assert.match(refusalOf(command(body), newOperator(), { ...run, ...facts }) ?? '', expected);
    });
  }

  it('sets the budget, and none that what is spent and the stop would pass', () => {
    const money = { currency: 'USD', spent: 12.3, stop: 0.45 };
    const budget = (amount: number) => command({ kind: 'set-budget', amount });
    const asked = obey(budget(30), newOperator(), { ...run, money }, 1);
    assert.equal(asked.operator.budget, 30);
    assert.equal(asked.effect, 'all attempts together may cost 30 USD, of which 12.30 are spent');
    const refusal = (amount: number, facts: RunFacts) => refusalOf(budget(amount), newOperator(), facts) ?? '';
    assert.match(refusal(12.5, { ...run, money }), /12\.30 are spent and ending the job may cost 0\.45; say 12\.75 at/);
    assert.equal(refusal(12.75, { ...run, money }), '');
    assert.match(refusal(0, { ...run, money }), /a budget of 0 is none/);
    assert.match(refusal(NaN, { ...run, money }), /a budget of NaN is none/);
    assert.match(refusal(30, { ...run, money: null }), /no price of its nodes is known/);
  });
});
