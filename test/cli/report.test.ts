import assert from 'node:assert/strict';
import { runReportSchema, type RunReport } from '../../domain/report.js';
import { reportLines } from '../../cli/view/report.js';

const report: RunReport = runReportSchema.parse({
  format: 'bertha-report/1',
  run: 'demo',
  outcome: 'completed',
  because: 'all 1 phases reached their last step',
  startedAt: '2026-11-23T12:00:00.000Z',
  endedAt: '2026-11-23T12:01:40.000Z',
  phases: [
    {
      name: 'p1',
      steps: { done: 360, planned: 360 },
      loss: {
        mlm: { first: 7.6, last: 6.1, heldOut: 6.0, unigram: 6.5, uniform: 7.62 },
        nsp: { heldOut: 0.69, accuracy: 0.5 },
      },
      attempts: [attempt('demo-p1-a001', 'preempted', 0), attempt('demo-p1-a002', 'completed', 120)],
      sampleHash: 'ab',
    },
  ],
  preemptions: 1,
  seconds: { useful: 60, lost: 10, waiting: 30, wall: 100 },
  cost: {
    total: 0.0123,
    currency: 'USD',
    nodeSeconds: 160,
    pricePerNodeHour: 0.28,
    sku: 'Standard_D2',
    priority: 'low_priority',
  },
  model: { name: 'bert', version: 'abc', path: 'runs/demo/p1' },
  dataset: { name: 'wiki', contentId: '01' },
  clusterNodesLeft: 0,
  whereToLook: ['bertha show demo'],
});

describe('cli: report text', () => {
  const lines = reportLines(report, { color: false });

  it('has no Markdown in it but the words of it', () => {
    assert.equal(lines[0], 'Run demo: completed');
    assert.ok(!lines.some((line) => /^[|#]/.test(line)), lines.join('\n'));
    assert.ok(lines.includes('- demo-p1-a001: the facts'));
  });

  it('aligns the attempts under stacked titles', () => {
    const first = lines.findIndex((line) => line.startsWith('  demo-p1-a001'));
    const [a = '', b = ''] = lines.slice(first, first + 2);
    const title = lines[first - 1] ?? '';
    assert.equal(a.indexOf('preempted'), b.indexOf('completed'));
    assert.equal(title.indexOf('ending'), a.indexOf('preempted'));
    assert.ok(a.length <= 100, a);
  });

  it('uses bold headings where colours are wanted', () => {
    assert.equal(reportLines(report, { color: true })[0], '\x1b[1mRun demo: completed\x1b[22m');
  });
});

function attempt(job: string, ending: string, resumedFromStep: number): unknown {
  const seconds = { useful: 30, lost: 5, total: 50 };
  return {
    job,
    ending,
    because: 'the facts',
    firstStep: resumedFromStep + 1,
    lastStep: 143,
    resumedFromStep,
    keptStep: 120,
    checkpoints: 3,
    rejectedCheckpoints: [],
    seconds,
    nodeSeconds: 80,
  };
}
