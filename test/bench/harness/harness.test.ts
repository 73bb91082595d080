import assert from 'node:assert/strict';

import { alternately } from './alternate.js';
import { meets, verdict, type Bar } from './bars.js';
import { flags } from './flags.js';
import { machine } from './machine.js';
import { usageOf } from './process.js';
import { present, type Report } from './report.js';
import { Samples } from './samples.js';
import { figure, table } from './table.js';

describe('bench: samples', () => {
  const hundred = Samples.of(Array.from({ length: 100 }, (_, index) => 100 - index));

  it('give percentiles that were measured, by nearest rank', () => {
    assert.deepEqual(
      [0, 50, 99, 99.5, 100].map((percent) => hundred.percentile(percent)),
      [1, 50, 99, 100, 100],
    );
  });

  it('take further values in, and are put together', () => {
    const samples = Samples.of([3, 1]);
    assert.equal(samples.percentile(100), 3);
    samples.add(7);
    assert.equal(samples.percentile(100), 7);
    const both = Samples.together([samples, hundred]);
    assert.deepEqual([both.count, both.percentile(100)], [103, 100]);
  });

  it('have no percentile when there are none', () => {
    assert.equal(Samples.of().percentile(99), NaN);
  });
});

describe('bench: bars', () => {
  const bar = (value: number, must: Bar['must']): Bar => ({ name: 'speed', value, unit: 'ms', must });

  it('are met below, from, or around a figure', () => {
    assert.deepEqual(
      [49.9, 50].map((value) => meets(bar(value, { below: 50 }))),
      [true, false],
    );
    assert.deepEqual(
      [50, 49.9].map((value) => meets(bar(value, { atLeast: 50 }))),
      [true, false],
    );
    assert.deepEqual(
      [45, 55, 55.1].map((value) => meets(bar(value, { be: 50, tolerance: 5 }))),
      [true, true, false],
    );
  });

  it('are missed by what was not measured', () => {
    for (const must of [{ below: 50 }, { atLeast: 50 }, { be: 50, tolerance: 5 }])
      assert.equal(meets(bar(NaN, must)), false);
  });

  it('are judged in words', () => {
    assert.equal(verdict(bar(60, { below: 50 })), 'MISSED: speed 60 ms, must be below 50 ms');
    assert.equal(verdict(bar(51, { be: 50, tolerance: 5 })), 'met:    speed 51 ms, must be 50 give or take 5 ms');
  });
});

describe('bench: tables', () => {
  it('line text up left and figures right', () => {
    assert.deepEqual(
      table(
        ['what', 'ours'],
        [
          ['p50', 1.234],
          ['requests', 12_345],
          ['none', null],
        ],
      ).split('\n'),
      ['what        ours', '--------  ------', 'p50         1.23', 'requests  12,345', 'none           -'],
    );
  });

  it('show three digits that count', () => {
    assert.deepEqual([0.1234, 1.236, 12.34, 123.4, 5, NaN].map(figure), ['0.12', '1.24', '12.3', '123', '5', '-']);
  });
});

describe('bench: sides', () => {
  it('are measured in turn, every other round backwards', async () => {
    const order: string[] = [];
    const side = (name: string): { name: string; measure(round: number): Promise<number> } => ({
      name,
      measure: (round) => {
        order.push(`${name}${round}`);
        return Promise.resolve(round);
      },
    });
    const outcomes = await alternately(3, [side('a'), side('b')]);
    assert.deepEqual(order, ['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
    assert.deepEqual(
      [...outcomes],
      [
        ['a', [0, 1, 2]],
        ['b', [0, 1, 2]],
      ],
    );
  });
});

describe('bench: flags', () => {
  it('are numbers with defaults, and --json', () => {
    assert.deepEqual(flags(['--rounds', '3', '--json'], { rounds: 2, seconds: 30 }), {
      rounds: 3,
      seconds: 30,
      json: true,
    });
  });

  it('are refused in a sentence', () => {
    assert.throws(() => flags(['--fast'], { rounds: 2 }), {
      message: "Unknown option '--fast': this bench takes --json, --rounds N.",
    });
    assert.throws(() => flags(['--rounds', 'few'], { rounds: 2 }), {
      message: '--rounds few is no whole number above 0.',
    });
  });
});

describe('bench: a report', () => {
  const report = (value: number): Report => ({
    what: 'a trial',
    versions: { node: 'v20' },
    heads: ['', 'ours'],
    rows: [['p99 ms', value]],
    notes: ['by day'],
    bars: [{ name: 'p99', value, unit: 'ms', must: { below: 50 } }],
    line: `trial: p99 ${value} ms`,
  });
  const shown = (value: number, json: boolean): { code: number; out: string; err: string } => {
    const said = { out: '', err: '' };
    const code = present(report(value), json, { out: (text) => (said.out += text), err: (text) => (said.err += text) });
    return { code, ...said };
  };

  it('ends with the line of figures, and fails where a bar is missed', () => {
    const { code, out } = shown(60, false);
    assert.equal(code, 1);
    assert.deepEqual(out.split('\n').slice(-2), ['MISSED: p99 60 ms, must be below 50 ms', 'trial: p99 60 ms']);
    assert.equal(shown(40, false).code, 0);
  });

  it('is one JSON document on request, with the line beside it', () => {
    const { code, out, err } = shown(40, true);
    assert.deepEqual([code, err], [0, 'trial: p99 40 ms']);
    const { rows, bars } = JSON.parse(out) as { rows: object[]; bars: object[] };
    assert.deepEqual(rows, [{ what: 'p99 ms', ours: 40 }]);
    assert.deepEqual(bars, [{ name: 'p99', value: 40, unit: 'ms', must: { below: 50 }, met: true }]);
  });
});

describe('bench: what a figure was measured with', () => {
  it('is named: Node, system, processor, packages', () => {
    const { node, cpu, azurite } = machine(['azurite']);
    assert.equal(node, process.version);
    assert.match(cpu ?? '', /^\d+ x \S/);
    assert.match(azurite ?? '', /^\d+\.\d+\.\d+$/);
  });

  it('is read of a process from /proc', () => {
    const before = usageOf(process.pid);
    const busyUntil = process.cpuUsage().user + 50_000;
    while (process.cpuUsage().user < busyUntil);
    const { rss, peakRss, cpuSeconds } = usageOf(process.pid);
    assert.ok(rss > 10_000_000 && peakRss >= rss && peakRss < 10_000_000_000);
    assert.ok(cpuSeconds - before.cpuSeconds >= 0.03, `${cpuSeconds - before.cpuSeconds} s`);
  });
});
