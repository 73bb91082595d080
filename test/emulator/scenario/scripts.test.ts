import assert from 'node:assert/strict';
import type { Scripts } from '../../../emulator/scenario/scripts.js';
import { createDrivenClock, type DrivenClock } from '../support/driven-clock.js';
import { begin, createScripts } from '../support/scripts.js';

describe('emulator: scripts', () => {
  let clock: DrivenClock;
  let scripts: Scripts;
  beforeEach(() => {
    clock = createDrivenClock();
    scripts = createScripts(clock);
  });
  const kinds = (): string[] => scripts.inForce('requests').map(({ item }) => item.kind);

  it('are in force from their begin to their end, counted from when they were loaded', () => {
    clock.pass(1000);
    begin(scripts, '{requests: [{kind: reset, from: 10, until: 20}, {kind: outage}]}');
    assert.deepEqual(kinds(), ['outage']);
    clock.pass(10);
    assert.deepEqual(kinds(), ['reset', 'outage']);
    clock.pass(10);
    assert.deepEqual(kinds(), ['outage']);
    assert.equal(scripts.end(), 1);
    assert.deepEqual(kinds(), []);
  });

  it('draw by seed: the same scenario hits the same ones, and another seed others', () => {
    const hits = (seed: number): string => {
      begin(scripts, `{seed: ${seed}, requests: [{kind: reset, probability: 0.5}]}`);
      const [entry] = scripts.inForce('requests');
      assert.ok(entry);
      const found = Array.from({ length: 40 }, () => (scripts.meets(entry) ? '1' : '0')).join('');
      scripts.end();
      return found;
    };
    assert.equal(hits(1), hits(1));
    assert.notEqual(hits(1), hits(2));
  });
});
