import assert from 'node:assert/strict';
import type { LineagePart } from '../../domain/attempts.js';
import { counts, countsUpTo, extendLineage, lineageOf } from '../../domain/lineage.js';
import { attempt, checkpoint } from './samples.js';

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

  it('counts an attempt up to its part, an open one wholly, and an older one without a part not at all', () => {
    const lineage = [part('a001', 120), part('a004', 200)];
    assert.deepEqual(
      ['a001', 'a002', 'a003', 'a004', 'a005', 'a1000'].map((name) => countsUpTo(lineage, name)),
      [120, 0, 0, 200, Infinity, Infinity],
    );
    assert.equal(countsUpTo([], 'a001'), Infinity);
  });

  it('lets no late writer in, whichever attempt it belongs to and however long ago it was closed', () => {
    let lineage: LineagePart[] = [];
    for (let number = 1; number <= 500; number++) {
      const name = `a${String(number).padStart(3, '0')}`;
      const kept = number % 3 === 0 ? 0 : number * 10;
      const resumedFrom = checkpoint(10 * (number - 1));
      lineage = extendLineage(lineage, { attempt: part(name, kept), resumedFrom, head: checkpoint(10 * number) });
    }
    const ghosts = Array.from({ length: 500 }, (_, index) => ({
      attempt: `a${String(index + 1).padStart(3, '0')}`,
      step: 5005,
    }));
    assert.deepEqual(
      ghosts.filter((ghost) => counts(lineage, ghost)),
      [],
    );
    assert.ok(counts(lineage, { attempt: 'a001', step: 10 }), 'the oldest checkpoint stays for the worst day');
    assert.ok(JSON.stringify(lineage).length < 8000);
  });

  it('never offers an undone checkpoint again, also when its attempt was forgotten', () => {
    let lineage = extendLineage([part('a001', 500)], {
      attempt: part('a002', 0),
      resumedFrom: checkpoint(500),
      head: checkpoint(100),
    });
    for (let number = 3; number < 300; number++)
      lineage = extendLineage(lineage, {
        attempt: part(`a${String(number).padStart(3, '0')}`, 100 + number),
        resumedFrom: null,
        head: checkpoint(100 + number),
      });
    assert.equal(counts(lineage, { attempt: 'a001', step: 500 }), false);
    assert.equal(counts(lineage, { attempt: 'a002', step: 450 }), false);
  });

  it('is told by the records of a run that lost its workflow, fallbacks included', () => {
    const records = [
      attempt({ attempt: 1, keptStep: 120 }),
      attempt({ attempt: 2, resumedFrom: checkpoint(120), keptStep: null, ending: 'bad-checkpoint' }),
      attempt({ attempt: 3, resumedFrom: checkpoint(80), keptStep: 160 }),
    ];
    assert.deepEqual(lineageOf([...records].reverse()), [part('a001', 80), part('a003', 160)]);
    const refusedLast = [
      ...records,
      attempt({ attempt: 4, resumedFrom: checkpoint(160, { attempt: 'a003' }), keptStep: null, head: checkpoint(80) }),
    ];
    assert.deepEqual(lineageOf(refusedLast), [part('a001', 80), part('a003', 80), part('a004', 0)]);
  });
});
