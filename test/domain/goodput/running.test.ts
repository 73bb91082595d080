import assert from 'node:assert/strict';
import {
  type RunningLedger,
  closed,
  ledgerOfPast,
  ledgerView,
  newLedger,
  noted,
  takenUp,
} from '../../../domain/goodput/running.js';
import type { RunEvent } from '../../../domain/events.js';
import { account } from '../../../domain/goodput/account.js';
import { timeline } from '../../../domain/goodput/timeline.js';
import { at, nth, saved, start } from './facts.js';

const first = nth(1, 100, 600, { head: saved(1, 300), keptStep: 300, starts: [start(180, 580)] });
const second = nth(2, 1700, 2400, {
  ...{ resumedFrom: saved(1, 300), head: saved(2, 900), keptStep: 900 },
  starts: [start(1780, 2380, { firstStep: 301, lastStep: 900 })],
});
const before: RunEvent[] = [
  at(0, { kind: 'run-started', continued: false }),
  at(20, { kind: 'stage-started', stage: 'phase:p1' }),
  at(103, { kind: 'job-submitted', phase: 'p1', jobName: first.jobName, resumeStep: null, adopted: false }),
  at(500, { kind: 'operator', command: 'pause', by: null, effect: '' }),
];
const after: RunEvent[] = [
  at(1600, { kind: 'operator', command: 'resume', by: null, effect: '' }),
  at(1704, { kind: 'job-submitted', phase: 'p1', jobName: second.jobName, resumeStep: 300, adopted: false }),
];
const with_ = (ledger: RunningLedger, events: readonly RunEvent[]) => events.reduce(noted, ledger);
const buckets = ({ buckets: all }: ReturnType<typeof ledgerView>) =>
  all.map(({ bucket, seconds }) => [bucket, seconds]);
const view = (ledger: RunningLedger, now: number) => ledgerView(ledger, null, { now: now * 1000, currency: 'USD' });

describe('domain: goodput, the ledger of a run under way', () => {
  it('comes to the same as the timeline of the whole run', () => {
    const settledOnce = closed(with_(newLedger(0), before), first, 3.6);
    const running = closed(with_(settledOnce, after), second, 3.6);
    const attempts = [first, second];
    const whole = timeline({ from: 0, until: 2_405_000, events: [...before, ...after], attempts, heads: {} });
    const expected = account(whole, attempts, { run: 3.6, dedicated: null });
    const told = view(running, 2405);
    assert.deepEqual(
      told.buckets.map(({ bucket, seconds, price }) => [bucket, seconds, price]),
      expected.buckets.map(({ bucket, seconds, price }) => [bucket, seconds, price]),
    );
    assert.equal(told.seconds, 2405);
  });

  it('goes up to the attempt that is open, and names it', () => {
    const ledger = with_(closed(with_(newLedger(0), before), first, 3.6), after);
    const open = { jobName: second.jobName, submittedAt: 1_700_000 };
    const told = ledgerView(ledger, open, { now: 9_999_000, currency: 'USD' });
    assert.deepEqual([told.until, told.open?.job], [new Date(1_700_000).toISOString(), second.jobName]);
    assert.deepEqual(
      buckets(told).filter(([bucket]) => bucket === 'person' || bucket === 'decide'),
      [
        ['decide', 180],
        ['person', 995],
      ],
    );
  });

  it('goes on counting while nothing is open', () => {
    assert.deepEqual(buckets(view(with_(newLedger(0), before.slice(0, 2)), 50)), [
      ['preflight', 20],
      ['decide', 30],
    ]);
  });

  it('is what the journal tells, where the workflow that kept it is lost', () => {
    const past = ledgerOfPast([...before, ...after], [{ ...first, pricePerNodeHour: 3.6 }], 1_700_000) ?? assert.fail();
    const kept = with_(closed(with_(newLedger(0), before), first, 3.6), after);
    assert.deepEqual(buckets(view(past, 1700)), buckets(view(kept, 1700)));
    assert.equal(view(past, 1700).price, view(kept, 1700).price);
    const adopted = closed(takenUp(past, newLedger(2_000_000)), second, 3.6);
    assert.equal(view(adopted, 2405).seconds, 2405);
    assert.equal(ledgerOfPast([], [], 5), null);
  });

  it('stays small, however many events there are', () => {
    let ledger = newLedger(0);
    for (let second_ = 0; second_ < 500; second_++)
      ledger = noted(ledger, at(second_, { kind: 'alert', phase: 'p1', text: 'no matter' }));
    assert.equal(ledger.events.length, 0);
    for (let second_ = 0; second_ < 500; second_++)
      ledger = noted(ledger, at(second_, { kind: 'waiting', phase: 'p1', seconds: 1, reason: 'no capacity' }));
    assert.ok(JSON.stringify(ledger).length < 10_000);
  });
});
