import assert from 'node:assert/strict';
import { INVARIANTS } from './invariants/names.js';
import { generate } from './generate.js';
import { type Played, play } from './pure/play.js';

const SEEDS = 500;

describe(`simulation: ${SEEDS} fault schedules through the pure decisions`, function () {
  this.timeout(120_000);
  const all: Played[] = [];
  before(() => {
    for (let seed = 1; seed <= SEEDS; seed++) all.push(play(generate(seed)));
  });

  // What other layers are compared in is theirs to check.
  for (const invariant of INVARIANTS.filter((name) => name !== 'layers agree'))
    it(invariant, () => {
      const breaches = all.flatMap(({ seed, breaches: found }) =>
        found.filter((breach) => breach.invariant === invariant).map(({ what }) => `seed ${seed}: ${what}`),
      );
      assert.deepEqual(breaches, []);
      const checks = all.reduce((sum, { checks: counts }) => sum + (counts.get(invariant) ?? 0), 0);
      assert.ok(checks >= 100, `checked ${checks} times only`);
    });

  it('most runs that no budget ends complete, whatever befalls them', () => {
    const unlimited = all.filter(({ seed }) => generate(seed).money === null);
    const completed = unlimited.filter(({ outcome }) => outcome === 'completed').length;
    const canceled = unlimited.filter(({ outcome }) => outcome === 'canceled').length;
    assert.ok(
      unlimited.length > 200 && completed + canceled >= 0.98 * unlimited.length,
      `${completed} completed, ${canceled} canceled`,
    );
  });

  it('are played alike each time', () => {
    const again = play(generate(7));
    const before = all[6];
    assert.deepEqual([again.endings, again.virtualHours], [before?.endings, before?.virtualHours]);
  });
});
