import assert from 'node:assert/strict';
import { account } from '../../../domain/goodput/account.js';
import { BUCKETS } from '../../../domain/goodput/buckets.js';
import { timeline } from '../../../domain/goodput/timeline.js';
import { goodputText } from '../../../domain/report-goodput-text.js';
import { nth, saved, start } from './facts.js';

const first = nth(1, 0, 600, { head: saved(1, 300), keptStep: 300, starts: [start(80, 580)] });
const refused = nth(2, 620, 650, {
  nodesFrom: null,
  ending: 'no-capacity',
  resumedFrom: saved(1, 300),
  head: saved(1, 300),
});
const resumed = nth(3, 700, 1400, {
  ...{ ending: 'completed', resumedFrom: saved(1, 300), head: saved(3, 900), keptStep: 900 },
  starts: [start(780, 1380, { firstStep: 301, lastStep: 900, stallSeconds: 60 })],
});
const attempts = [first, refused, resumed];
const segments = timeline({ from: 0, until: 1_500_000, events: [], attempts, heads: {} });
const told = (run: number | null, dedicated: number | null) => account(segments, attempts, { run, dedicated });

describe('domain: goodput, the account in a report', () => {
  it('names every bucket that has a second, with owner, price and its name in ml-goodput-measurement', () => {
    const { share, buckets } = told(3.6, null);
    assert.equal(share, 0.56);
    const { sentence, ...useful } = buckets.find(({ bucket }) => bucket === 'useful') ?? assert.fail();
    assert.equal(sentence, BUCKETS.useful.sentence);
    assert.deepEqual(useful, {
      ...{ bucket: 'useful', seconds: 840, share: 0.56, nodeSeconds: 1680, price: 1.68 },
      ...{ owner: 'training', mlGoodput: 'TOTAL' },
    });
    const queue = buckets.find(({ bucket }) => bucket === 'queue');
    assert.deepEqual([queue?.seconds, queue?.price, queue?.owner], [70, 0, 'azure']);
  });

  it('says of an interruption all that it cost until training got on, attempts that came to nothing included', () => {
    const { interruptions } = told(3.6, null);
    assert.equal(interruptions.length, 1, 'what comes before the first step and behind the last is no interruption');
    const [{ at, until, job, ending, further, seconds, price, lost } = assert.fail()] = interruptions;
    assert.deepEqual([job, ending, further], ['demo-p1-a001', 'preempted', ['demo-p1-a002']]);
    assert.deepEqual([at, until], [new Date(380_000).toISOString(), new Date(780_000).toISOString()]);
    assert.deepEqual([seconds, price], [400, 0.56]);
    assert.deepEqual(
      lost.map(({ bucket, seconds: part, price: cost, owner }) => [bucket, part, cost, owner]),
      [
        ['queue', 50, 0, 'azure'],
        ['boot', 30, 0.06, 'azure'],
        ['startup', 20, 0.04, 'trainer'],
        ['restore', 10, 0.02, 'trainer'],
        ['lost-work', 200, 0.4, 'azure'],
        ['finalizing', 20, 0.04, 'azure'],
        ['detect', 10, 0, 'supervisor'],
        ['decide', 60, 0, 'supervisor'],
      ],
    );
  });

  it('calls a start in place what it is', () => {
    const starts = [
      start(80, 280, { incarnation: 'i1', firstStep: 1, lastStep: 200 }),
      start(400, 580, { incarnation: 'i2', firstStep: 201, lastStep: 380 }),
    ];
    const one = nth(1, 0, 600, { ending: 'completed', head: saved(1, 380, 'i2'), keptStep: 380, starts });
    const time = timeline({ from: 0, until: 600_000, events: [], attempts: [one], heads: {} });
    const { interruptions } = account(time, [one], { run: null, dedicated: null });
    assert.deepEqual(
      interruptions.map(({ job, ending, seconds, price }) => [job, ending, seconds, price]),
      [[one.jobName, 'restarted-in-place', 120, null]],
    );
  });

  it('keeps to the interruptions that cost most, in their order, and says how many others there were', () => {
    const many = Array.from({ length: 131 }, (_, index) => {
      const [number, begin] = [index + 1, index * 1000];
      const resumedFrom = index === 0 ? null : saved(index, index * 500);
      const steps = { firstStep: index * 500 + 1, lastStep: number * 500 };
      const lasts = index % 3 === 0 ? 560 : 460;
      const starts = [start(begin + 60, begin + lasts, steps)];
      return nth(number, begin, begin + 600, {
        resumedFrom,
        head: saved(number, number * 500),
        keptStep: number * 500,
        starts,
      });
    });
    const time = timeline({ from: 0, until: 131_000_000, events: [], attempts: many, heads: {} });
    const { interruptions, interruptionsLeftOut } = account(time, many, { run: null, dedicated: null });
    assert.deepEqual([interruptions.length, interruptionsLeftOut], [100, 31]);
    assert.equal(interruptions.filter(({ seconds }) => seconds > 500).length, 87, 'the dear ones are all there');
    assert.deepEqual(
      interruptions.map(({ at: begin }) => begin),
      interruptions.map(({ at: begin }) => begin).sort(),
    );
  });

  it('counts what was paid against useful node-seconds on dedicated nodes', () => {
    const { saving, buckets } = told(3.6, 36);
    const paid = buckets.reduce((sum, { price }) => sum + (price ?? 0), 0);
    assert.deepEqual(saving, { dedicatedPricePerNodeHour: 36, dedicated: 16.8, paid: 2.52, saved: 14.28 });
    assert.equal(Math.round(paid * 100) / 100, 2.52);
    assert.ok((told(3.6, 1).saving?.saved ?? 0) < 0, 'dearer than dedicated nodes is said as it is');
  });

  it('has no price and no saving where none is known', () => {
    assert.equal(told(null, 36).saving, null);
    assert.equal(told(3.6, null).saving, null);
    assert.equal(told(null, null).buckets.find(({ bucket }) => bucket === 'useful')?.price, null);
  });

  it('prices an attempt as it was priced when it was settled', () => {
    const dear = [first, refused, { ...resumed, pricePerNodeHour: 36 }];
    const { buckets } = account(segments, dear, { run: 3.6, dedicated: null });
    assert.equal(buckets.find(({ bucket }) => bucket === 'useful')?.price, 300 * 2 * 0.001 + 540 * 2 * 0.01);
  });

  it('is a table that says it all', () => {
    const text = goodputText(told(3.6, 36), 'USD').join('\n');
    for (const part of [
      '| useful | 14 min 00 s | 56.0 % | 1.6800 | training | TOTAL |',
      '| lost-work | 3 min 20 s | 13.3 % | 0.4000 | azure | WASTED_PROGRESS_FROM_DISRUPTION |',
      'against dedicated nodes: at least 14.2800 USD saved',
      '| 1970-01-01T00:06:20Z | demo-p1-a001 and 1 more | preempted | 6 min 40 s | 0.5600 | queue 50.0 s (azure), ',
    ])
      assert.ok(text.includes(part), `${part}\nis not in\n${text}`);
    assert.deepEqual(goodputText(undefined, 'USD'), [], 'reports of earlier releases have none');
  });
});
