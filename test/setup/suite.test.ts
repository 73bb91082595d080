import assert from 'node:assert/strict';
import { load } from './load.js';

interface Outcome {
  passed: number;
  failed: string[];
  skipped: { title: string; reason: string }[];
}
interface Warden {
  ended: Promise<{ end: string; left: string[]; computed: number }>;
  close: () => Promise<void>;
}

const { fromJunit } = await load<{ fromJunit: (xml: string) => Outcome }>('suite/junit.mjs');
const { choose } = await load<{ choose: (areas: { name: string }[], names: string[]) => { name: string }[] }>(
  'suite/areas.mjs',
);
const { summary } = await load<{
  summary: (results: (Outcome & { name: string; runner: string; seconds: number; computed: number | null })[]) => {
    lines: string[];
    code: number;
  };
}>('suite/summary.mjs');
const { underWarden } = await load<{
  underWarden: (program: string, args: string[], env: NodeJS.ProcessEnv) => Warden;
}>('suite/warden.mjs');
const { startOf } = await load<{ startOf: (pid: number) => string | undefined }>('process.mjs');

describe('setup: the test runner', () => {
  const area = { name: 'domain', runner: 'mocha', seconds: 1.25, computed: 0.5, passed: 2, failed: [], skipped: [] };

  it('ends with the tally over all areas, after the names of what was skipped and what failed', () => {
    const other = {
      ...area,
      name: 'payload',
      passed: 1,
      failed: ['t bad'],
      skipped: [{ title: 't gpu', reason: 'no GPU' }],
    };
    const { lines, code } = summary([area, other]);
    assert.deepEqual(lines.slice(-3), ['skipped: t gpu: no GPU', 'failed: t bad', '3 passed, 1 failed, 1 skipped']);
    assert.equal(code, 1);
  });

  it('says of each area how long it took, and how much of that the processors were at work', () => {
    const { lines } = summary([area, { ...area, name: 'killed', computed: null }]);
    assert.match(lines[1] ?? '', /^domain +mocha +1\.[23] s, computed +0\.5 s {2}2 passed, 0 failed, 0 skipped$/);
    assert.match(lines[2] ?? '', /^killed +mocha +1\.[23] s {2}2 passed/);
  });

  it('succeeds when something passed and nothing failed, and fails when nothing ran', () => {
    assert.equal(summary([area]).code, 0);
    assert.equal(summary([]).code, 1);
    assert.equal(summary([{ ...area, passed: 0, skipped: [{ title: 't', reason: 'r' }] }]).code, 1);
  });

  it('reads the outcome of Python tests, errors and reasons for skips included', () => {
    const xml = `<testsuites><testsuite><testcase classname="a" name="ok" time="0"/>
      <testcase classname="a" name="bad"><failure message="x">1 &lt; 2</failure></testcase>
      <testcase classname="a" name="broken"><error message="x"></error></testcase>
      <testcase classname="a" name="gpu"><skipped type="pytest.skip" message="no &quot;GPU&quot;">here</skipped></testcase></testsuite></testsuites>`;
    assert.deepEqual(fromJunit(xml), {
      passed: 1,
      failed: ['a bad', 'a broken'],
      skipped: [{ title: 'a gpu', reason: 'no "GPU"' }],
    });
  });

  it('runs the areas that are named, and names them all when one is unknown', () => {
    const areas = [{ name: 'domain' }, { name: 'emulator' }];
    assert.deepEqual(choose(areas, []), areas);
    assert.deepEqual(choose(areas, ['emulator']), [{ name: 'emulator' }]);
    assert.throws(() => choose(areas, ['emulatr']), {
      message: 'There are no tests called emulatr: choose from domain, emulator.',
    });
  });

  it('finds a process that left its session, its parent and its environment behind, and kills it', async () => {
    const leak = `require('child_process').spawn('sleep', ['600'], { detached: true, env: { PATH: process.env.PATH }, stdio: 'ignore' }).unref()`;
    const warden = underWarden(process.execPath, ['-e', leak], process.env);
    const { end, left } = await warden.ended;
    assert.equal(end, 'exit 0');
    assert.equal(left.length, 1);
    assert.match(left[0] ?? '', /^\d+ \(sleep 600\)$/);
    await warden.close();
    assert.equal(startOf(Number.parseInt(left[0] ?? '')), undefined);
  });

  it('tells how a program ended', async () => {
    for (const [script, end] of [
      ['process.exit(3)', 'exit 3'],
      ['process.kill(process.pid, "SIGKILL")', 'signal SIGKILL'],
    ] as const) {
      const warden = underWarden(process.execPath, ['-e', script], process.env);
      const { computed, ...ended } = await warden.ended;
      assert.deepEqual(ended, { end, left: [] });
      assert.ok(computed < 5, `${computed} s for a program that does nothing`);
      await warden.close();
    }
  });

  it('tells how long a program and what it started were at work', async () => {
    const spin = 'const t = performance.now(); while (performance.now() - t < 600);';
    const script = `${spin} require('child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(spin)}])`;
    const warden = underWarden(process.execPath, ['-e', script], process.env);
    const { computed } = await warden.ended;
    // On a machine that others use too, not all of the time is its own.
    assert.ok(computed > 0.3 && computed < 10, `${computed} s`);
    await warden.close();
  });
});
