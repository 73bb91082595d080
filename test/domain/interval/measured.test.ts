import assert from 'node:assert/strict';
import { type Measured, newMeasured, withAttempt } from '../../../domain/interval/measured.js';
import type { AttemptStart } from '../../../domain/goodput/starts.js';
import { attempt } from '../samples.js';

const at = Date.parse('2026-11-23T01:00:00.000Z');

/** A start so many minutes after the begin. */
const start = (minutes: number, over: Partial<AttemptStart> = {}): AttemptStart => ({
  ...{ incarnation: `i${minutes}`, startedAt: at + minutes * 60_000, restoreSeconds: null },
  ...{ firstStep: 1, lastStep: 9, trainingFrom: null, trainedUntil: null, stallSeconds: null, lastStallSeconds: null },
  ...over,
});

const after = (...records: Parameters<typeof attempt>[0][]): Measured =>
  records.map((one) => attempt({ endedAt: at + 60 * 60_000, ...one })).reduce(withAttempt, newMeasured());

describe('domain/interval: what a run has measured', () => {
  it('takes a loss of nodes as an interruption, and an end that was planned as none', () => {
    for (const [ending, interrupted] of [
      ['preempted', true],
      ['node-lost', true],
      ['hung', true],
      ['completed', false],
      ['stopped-on-request', false],
      ['user-error', false],
    ] as const)
      assert.deepEqual(after({ ending, starts: [start(0)], keptStep: 5, lastStep: 9 }).exposures, [
        { seconds: 3600, interrupted },
      ]);
  });

  it('takes a loss that was announced, and before which all was saved, as none', () => {
    const { exposures } = after({ ending: 'preempted', starts: [start(0)], keptStep: 9, lastStep: 9 });
    assert.deepEqual(exposures, [{ seconds: 3600, interrupted: false }]);
  });

  it('takes each restart in place as an interruption of the start before it', () => {
    const { exposures } = after({ ending: 'completed', starts: [start(0), start(15), start(45)] });
    assert.deepEqual(exposures, [
      { seconds: 900, interrupted: true },
      { seconds: 1800, interrupted: true },
      { seconds: 900, interrupted: false },
    ]);
  });

  it('counts nodes that were held before their trainer ever spoke, and nothing where there were none', () => {
    const lost = { ending: 'preempted', starts: [], keptStep: null, lastStep: null } as const;
    assert.deepEqual(after({ ...lost, nodesFrom: at + 30 * 60_000 }).exposures, [{ seconds: 1800, interrupted: true }]);
    assert.deepEqual(after({ ...lost, nodesFrom: null }).exposures, []);
  });

  it('knows what a checkpoint costs from all of an attempt, and nothing where its trainer does not tell', () => {
    const starts = [
      start(0, { stallSeconds: 12, lastStallSeconds: null }),
      start(9, { stallSeconds: 6, lastStallSeconds: 2 }),
    ];
    assert.deepEqual(after({ starts, checkpointsWritten: 5 }).stalls, [4]);
    assert.deepEqual(after({ starts: [start(0)], checkpointsWritten: 5 }).stalls, []);
    assert.deepEqual(after({ starts, checkpointsWritten: 0 }).stalls, []);
  });

  it('stays small over hundreds of attempts', () => {
    const many = Array.from({ length: 500 }, () => ({
      starts: [start(0, { stallSeconds: 1 })],
      checkpointsWritten: 1,
    }));
    const { exposures, stalls } = after(...many);
    assert.deepEqual([exposures.length, stalls.length], [64, 32]);
  });
});
