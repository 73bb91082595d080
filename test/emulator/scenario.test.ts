import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { draw, isHit, pick } from '../../emulator/scenario/chance.js';
import { scenarioSchema } from '../../emulator/scenario/language/document.js';
import { Rules } from '../../emulator/scenario/rules.js';
import { readScenarioFile, Scenario } from '../../emulator/scenario/scenario.js';
import { parseScenario } from '../../emulator/scenario/schema.js';
import { Scripts, type Script } from '../../emulator/scenario/scripts.js';
import { Store } from '../../emulator/store/store.js';
import { createDrivenClock, type DrivenClock } from './support/driven-clock.js';
import { begin, createScripts } from './support/scripts.js';

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  description?: string;
}

describe('emulator: the scenario language', () => {
  it('describes every field in its JSON Schema', () => {
    const bare: string[] = [];
    let fields = 0;
    const look = (node: SchemaNode, path: string): void => {
      for (const [name, field] of Object.entries(node.properties ?? {})) {
        fields += 1;
        if (field.description === undefined) bare.push(`${path}.${name}`);
        look(field, `${path}.${name}`);
      }
      if (node.items !== undefined) look(node.items, path);
      [...(node.anyOf ?? []), ...(node.oneOf ?? [])].forEach((each, index) => look(each, `${path}|${index}`));
    };
    look(scenarioSchema(), '');
    assert.deepEqual(bare, []);
    assert.ok(fields > 100, `${fields} fields`);
  });

  for (const [text, message] of [
    ['{requests: [{kind: slw}]}', /^Field requests\[0\]\.kind of .* must be one of tooManyRequests, throttled, error,/],
    ['{requests: [{kind: slow}]}', /^Field requests\[0\]\.seconds of /],
    ['{requests: [{kind: error, status: 501}]}', /^Field requests\[0\]\.status of .*500\|502\|503\|504/],
    [
      '{requests: [{kind: reset, nth: 1, every: 2}]}',
      /^Field requests\[0\]\.every of .* does not go together with nth/,
    ],
    ['{capacity: [{kind: nodes, nodes: 0, from: 9, until: 3}]}', /\.until of .* must be greater than from \(9\)/],
    ['{evictions: [{kind: random, face: x, meanSecondsPerNode: 1}]}', /^Field evictions\[0\]\.face of .*"mixed"/],
    ['{evictions: [{kind: trace, file: a, face: notResponding}]}', /^Field evictions\[0\]\.face of /],
    ['{storage: [{kind: torn, keep: 2}]}', /^Field storage\[0\]\.keep of /],
    ['{rules: [{when: {at: 3}, do: {}}]}', /^Field rules\[0\]\.do of .* needs exactly one of evict, capacity,/],
    ['{rules: [{when: {at: 3, status: x}, do: {evict: {}}}]}', /^Field rules\[0\]\.when of .* needs either blob or/],
  ] as const) {
    it(`refuses ${text} in one sentence`, () => {
      assert.throws(
        () => parseScenario(text, 's.yaml'),
        (error: Error) => message.test(error.message) && /\.$/.test(error.message) && !error.message.includes('\n'),
      );
    });
  }
});

describe('emulator: chance', () => {
  it('draws the same for the same seed and labels, evenly, and another number for others', () => {
    assert.equal(draw(7, 'a', 1), draw(7, 'a', 1));
    assert.notEqual(draw(7, 'a', 1), draw(8, 'a', 1));
    assert.notEqual(draw(7, 'a', 1), draw(7, 'a', 2));
    const drawn = Array.from({ length: 2000 }, (_, index) => draw(1, index));
    assert.ok(drawn.every((one) => one >= 0 && one < 1));
    const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length;
    assert.ok(Math.abs(mean - 0.5) < 0.02, `mean ${mean}`);
    assert.deepEqual(
      [pick(['a', 'b', 'c'], 0), pick(['a', 'b', 'c'], 0.34), pick(['a', 'b', 'c'], 0.99)],
      ['a', 'b', 'c'],
    );
  });

  it('hits all, the n-th, each n-th or some by chance, and never more than it may', () => {
    const hits = (chance: Parameters<typeof isHit>[0], drawn = 0.5): number[] => {
      let fired = 0;
      return [1, 2, 3, 4, 5, 6].filter((seen) => {
        const isOne = isHit(chance, seen, fired, drawn);
        fired += isOne ? 1 : 0;
        return isOne;
      });
    };
    assert.deepEqual(hits({}), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(hits({ nth: 2 }), [2]);
    assert.deepEqual(hits({ every: 3 }), [3, 6]);
    assert.deepEqual(hits({ every: 2, times: 2 }), [2, 4]);
    assert.deepEqual(hits({ probability: 0.4 }), []);
    assert.deepEqual(hits({ probability: 0.6, times: 3 }), [1, 2, 3]);
  });
});

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

describe('emulator: scenarios over a restart', () => {
  let folder: string;
  let clock: DrivenClock;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emulator-scenario-'));
    clock = createDrivenClock();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const start = async (): Promise<{ store: Store; scripts: Scripts; scenario: Scenario }> => {
    const store = await Store.open(join(folder, 'store'), ['scripts']);
    const scripts = new Scripts(store.collection<Script>('scripts'), clock);
    const stage = { jobsOnNodes: () => [], evict: () => Promise.resolve() };
    return { store, scripts, scenario: new Scenario(scripts, clock, () => undefined, stage) };
  };
  const file = async (text: string): ReturnType<typeof readScenarioFile> => {
    await writeFile(join(folder, 's.yaml'), text);
    return readScenarioFile(join(folder, 's.yaml'));
  };

  it('a file that is unchanged goes on where it was, one that is changed begins anew, and what was sent stays', async () => {
    const text = '{requests: [{kind: reset, nth: 3, until: 100}]}';
    const first = await start();
    first.scenario.open(await file(text));
    first.scenario.add({
      source: 'sent',
      document: parseScenario('{capacity: [{kind: nodes, nodes: 1}]}', ''),
      series: {},
    });
    clock.pass(60);
    first.scripts.inForce('requests').forEach((entry) => scriptsMeet(first.scripts, entry, 2));
    await first.store.flush();

    const second = await start();
    second.scenario.open(await file(text));
    const [entry] = second.scripts.inForce('requests');
    assert.ok(entry);
    assert.deepEqual(second.scripts.count(entry), { seen: 2, hit: 0 });
    assert.equal(second.scripts.meets(entry), true);
    assert.equal(second.scripts.inForce('capacity').length, 1);
    clock.pass(50);
    assert.equal(second.scripts.inForce('requests').length, 0);

    second.scenario.open(await file(`${text} # and more`));
    assert.equal(second.scripts.inForce('requests').length, 0);
    second.scenario.open(await file('{requests: [{kind: outage, until: 100}]}'));
    assert.equal(second.scripts.inForce('requests').length, 1);
    second.scenario.open(null);
    assert.deepEqual([second.scripts.items('requests').length, second.scripts.inForce('capacity').length], [0, 1]);
  });

  it('names the field of a series that cannot be read', async () => {
    await assert.rejects(
      file('{evictions: [{kind: trace, file: none.json}]}'),
      /^Error: Field evictions\[0\]\.file of the scenario .*s\.yaml is wrong: the series cannot be read: ENOENT/,
    );
    await writeFile(join(folder, 'odd.json'), '{"gapSeconds": 0, "available": [1]}');
    await assert.rejects(
      file('{evictions: [{kind: trace, file: odd.json}]}'),
      /field gapSeconds of the series .*odd\.json/,
    );
  });

  function scriptsMeet(scripts: Scripts, entry: Parameters<Scripts['meets']>[0], times: number): void {
    for (let one = 0; one < times; one += 1) scripts.meets(entry);
  }
});

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
