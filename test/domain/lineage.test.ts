import assert from 'node:assert/strict';
import type { LineagePart } from '../../domain/attempts.js';
import { extendLineage } from '../../domain/lineage.js';
import { checkpoint } from './samples.js';

const part = (attempt: string, upTo: number): LineagePart => ({ attempt, upTo });

describe('domain: lineage', () => {
  it('adds what an attempt kept', () => {
    const ended = {
      attempt: part('a002', 200),
      resumedFrom: checkpoint(120),
      head: checkpoint(200, { attempt: 'a002' }),
    };
    assert.deepEqual(extendLineage([part('a001', 120)], ended), [part('a001', 120), part('a002', 200)]);
  });

  it('takes out all steps above an older checkpoint that the run falls back to', () => {
    const before = [part('a001', 80), part('a002', 120)];
    const ended = { attempt: part('a003', 0), resumedFrom: checkpoint(120, { attempt: 'a002' }), head: checkpoint(40) };
    assert.deepEqual(extendLineage(before, ended), [part('a001', 40), part('a002', 40), part('a003', 0)]);
  });

  it('takes everything out where no checkpoint is left', () => {
    const ended = { attempt: part('a002', 0), resumedFrom: checkpoint(120), head: null };
    assert.deepEqual(extendLineage([part('a001', 120)], ended), [part('a002', 0)]);
  });

  it('names the attempt that a continued run resumed from, so that its refused checkpoint is out too', () => {
    const ended = { attempt: part('a003', 0), resumedFrom: checkpoint(200), head: checkpoint(160) };
    assert.deepEqual(extendLineage([], ended), [part('a001', 160), part('a003', 0)]);
  });

  it('stays small over a thousand attempts', () => {
    let lineage: LineagePart[] = [];
    for (let step = 1; step <= 1_000; step++) {
      const name = `a${String(step).padStart(3, '0')}`;
      lineage = extendLineage(lineage, {
        attempt: part(name, step),
        resumedFrom: null,
        head: checkpoint(step, { attempt: name }),
      });
    }
    assert.deepEqual([lineage.length, lineage.at(-1)], [200, part('a1000', 1_000)]);
  });
});
