import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readScenarioFile, Scenario } from '../../../emulator/scenario/scenario.js';
import { parseScenario } from '../../../emulator/scenario/schema.js';
import { Scripts, type Script } from '../../../emulator/scenario/scripts.js';
import { Store } from '../../../emulator/store/store.js';
import { createDrivenClock, type DrivenClock } from '../support/driven-clock.js';

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
