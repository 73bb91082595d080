import assert from 'node:assert/strict';
import { Rules } from '../../../emulator/scenario/rules.js';
import type { Scripts } from '../../../emulator/scenario/scripts.js';
import { createDrivenClock, type DrivenClock } from '../support/driven-clock.js';
import { begin, createScripts } from '../support/scripts.js';

describe('emulator: rules', () => {
  let clock: DrivenClock;
  let scripts: Scripts;
  let done: string[];
  let rules: Rules;
  beforeEach(() => {
    clock = createDrivenClock();
    scripts = createScripts(clock);
    done = [];
    rules = new Rules(scripts, clock, () => undefined, {
      jobsOnNodes: () => ['a1', 'a2', 'b1'],
      evict: (job, { face }) => Promise.resolve(done.push(`${job} ${face}`)),
    });
    scripts.onChange(() => rules.arm());
  });

  it('fire at a time, once, and hit the jobs that have nodes then', async () => {
    begin(scripts, '{rules: [{when: {job: "a*", at: 600}, after: 5, do: {evict: {face: hang}}}]}');
    clock.pass(604);
    assert.deepEqual(done, []);
    clock.pass(1);
    await Promise.resolve();
    clock.pass(9999);
    await Promise.resolve();
    assert.deepEqual(done, ['a1 hang', 'a2 hang']);
  });

  it('fire at once for a time that passed while nobody was there', () => {
    begin(scripts, '{rules: [{when: {at: 60}, do: {request: {kind: outage}}}]}');
    const late = createDrivenClock();
    late.pass(100);
    const [script] = scripts.all();
    assert.ok(script);
    const again = createScripts(late);
    begin(again, '{rules: [{when: {at: 60}, do: {request: {kind: outage}}}]}');
    Object.assign(again.all()[0] ?? {}, { began: script.began });
    const others = new Rules(again, late, () => undefined, { jobsOnNodes: () => [], evict: () => Promise.resolve() });
    others.arm();
    late.pass(0);
    assert.equal(again.inForce('requests').length, 1);
  });

  it('put things in force that count from then on, by the seed of their scenario', () => {
    begin(
      scripts,
      '{seed: 5, rules: [{when: {job: x, status: Running}, times: 2, do: {capacity: {kind: nodes, nodes: 0, until: 30}}}]}',
    );
    clock.pass(500);
    rules.statusChanged({ job: 'y', status: 'Running' });
    rules.statusChanged({ job: 'x', status: 'Running' });
    clock.pass(0);
    const [entry] = scripts.inForce('capacity');
    assert.deepEqual([entry?.script.document.seed, entry?.script.source], [5, 'rules[0] of a test']);
    clock.pass(29);
    assert.equal(scripts.inForce('capacity').length, 1);
    clock.pass(1);
    assert.equal(scripts.inForce('capacity').length, 0);
    for (let one = 0; one < 3; one += 1) rules.statusChanged({ job: 'x', status: 'Running' });
    clock.pass(0);
    assert.equal(scripts.inForce('capacity').length, 1);
  });

  it('go on with the rest when an eviction cannot be done', async () => {
    const said: string[] = [];
    const strict = new Rules(scripts, clock, (line) => void said.push(line), {
      jobsOnNodes: () => [],
      evict: () => Promise.reject(new Error('There is no such node.')),
    });
    begin(scripts, '{rules: [{when: {status: Running}, times: 9, do: {evict: {}}}]}');
    strict.statusChanged({ job: 'x', status: 'Running' });
    clock.pass(0);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(said, ['scenario: There is no such node.']);
  });
});
