import assert from 'node:assert/strict';
import { type Section, curveChanges, parseSectionFile, sectionFile } from '../../domain/curve.js';

const section = (attempt: string, after: number, upTo: number): Section => ({
  attempt,
  incarnation: `20261123T01${attempt.slice(-2)}00000Z-0000000a`,
  after,
  upTo,
});
const newestFirst = (...sections: Section[]) => sections.reverse();

/** What is published after the changes. */
function publish(published: readonly Section[], chain: readonly Section[]): Section[] {
  const { write, remove } = curveChanges(published, chain);
  return [...published.filter((one) => !remove.includes(one)), ...write].sort(
    (a, b) => a.after - b.after || a.upTo - b.upTo,
  );
}

describe('domain: curve', () => {
  const [first, second, undone] = [section('a001', 0, 40), section('a001', 40, 80), section('a001', 80, 120)];

  it('writes what the lineage has and the view does not', () => {
    assert.deepEqual(curveChanges([], newestFirst(first, second)), { write: newestFirst(first, second), remove: [] });
    assert.deepEqual(curveChanges([first], newestFirst(second)), { write: [second], remove: [] });
  });

  it('takes out sections behind the checkpoint that the lineage continues from', () => {
    const resumed = section('a002', 80, 100);
    assert.deepEqual(curveChanges([first, second, undone], [resumed]), { write: [resumed], remove: [undone] });
  });

  it('takes out a section that the lineage cuts in two', () => {
    const resumed = section('a002', 100, 130);
    const cut = section('a001', 80, 100);
    assert.deepEqual(publish([first, second, undone], newestFirst(cut, resumed)), [first, second, cut, resumed]);
  });

  it('changes nothing when it is done again', () => {
    const chain = newestFirst(section('a002', 80, 100), section('a002', 100, 140));
    const once = publish([first, second, undone], chain);
    assert.deepEqual(publish(once, chain), once);
    assert.deepEqual(curveChanges(once, chain), { write: [], remove: [] });
  });

  it('shows each step once after any number of fallbacks', () => {
    const steps: [readonly Section[], string][] = [
      [newestFirst(first, second), 'a001'],
      [[undone], 'a001 on'],
      [[section('a002', 40, 90)], 'back to 40'],
      [newestFirst(section('a003', 0, 50), section('a003', 50, 100)), 'back to 0'],
      [[section('a004', 100, 360)], 'to the end'],
    ];
    let shown: Section[] = [];
    for (const [chain, what] of steps) {
      shown = publish(shown, chain);
      const joints = shown
        .map(({ after, upTo }) => [after, upTo])
        .flat()
        .slice(1, -1);
      for (let i = 0; i < joints.length; i += 2) assert.equal(joints[i], joints[i + 1], what);
      assert.equal(shown[0]?.after, 0, what);
    }
    assert.deepEqual([shown.at(-1)?.upTo, shown.length], [360, 3]);
  });

  it('names files so that their order is the order of the steps, and reads the names back', () => {
    const sections = [section('a001', 0, 40), section('a002', 40, 1_000), section('a010', 1_000, 20_000)];
    const names = sections.map(sectionFile);
    assert.deepEqual([...names].sort(), names);
    assert.deepEqual(
      names.map((name) => parseSectionFile(`runs/demo/tensorboard/p1/${name}`)),
      sections,
    );
    assert.equal(parseSectionFile('runs/demo/tensorboard/p1/events.out.tfevents.1700000000.host'), null);
  });
});
