import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { BerthaClient } from '../../client.js';
import { stackPlaces, tools } from '../../stack/places.js';
import { freePorts } from '../../stack/ports.js';
import { type Part, startPart, stopPart } from '../../stack/processes.js';
import { temporalTarget } from '../../temporal/connection.js';
import { configText, withConfig } from './support/config.js';
import { bertha, linesOf } from './support/run.js';

const STACK = `cli-test-${process.pid}`;
const places = stackPlaces(STACK);
const env = { BERTHA_STACK: STACK };

describe('cli: with a Temporal server and no worker', function () {
  this.timeout(60_000);
  let temporal: Part | null = null;

  before(async () => {
    const [port = 0] = await freePorts(1);
    mkdirSync(places.folder, { recursive: true });
    const args = [
      'server',
      'start-dev',
      '--headless',
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--log-level',
      'error',
    ];
    const ready = (line: string) => (/Server:\s/.test(line) ? line : null);
    ({ part: temporal } = await startPart(places, { name: 'temporal', command: tools().temporal, args, ready }));
    writeFileSync(places.stackFile, JSON.stringify({ temporal: { address: `127.0.0.1:${port}` } }));
  });

  after(async () => {
    await stopTemporal();
    rmSync(places.folder, { recursive: true, force: true });
  });

  it('ls says that there are no runs, and how to start one', async () => {
    const { code, out } = await bertha(['ls'], env);
    assert.equal(code, 0);
    assert.match(out, /^no runs at 127\.0\.0\.1:\d+; start one with: npx bertha start /);
  });

  it('an unknown run is one sentence, whatever is asked of it', async () => {
    const verbs = ['show', 'events', 'ledger', 'logs', 'tensorboard', 'pause', 'resume', 'recover', 'cancel', 'report'];
    for (const verb of verbs) {
      const { code, out, err } = await bertha([verb, 'nobody'], env);
      assert.equal(code, 3, err);
      assert.equal(out, '');
      assert.match(err, /^bertha: no run named "nobody" at 127\.0\.0\.1:\d+; list them with: npx bertha ls\n$/);
    }
  });

  it('a run is started, seen and refused a second time, and every verb says that no worker runs', async () => {
    await withConfig(configText, async (file) => {
      const started = await bertha(['start', file, '--name', 'first'], env);
      assert.equal(started.code, 0, started.err);
      assert.match(
        started.out,
        /^run first started at 127\.0\.0\.1:\d+: 2 phases, 1100 steps, 16 training processes\n/,
      );
      assert.match(started.err, /no worker runs: the run waits and loses nothing; start one with: npx bertha worker/);
      const again = await bertha(['start', file, '--name', 'first'], env);
      assert.equal(again.code, 1);
      assert.match(again.err, /^bertha: a run named "first" is running; .*choose another name/);
    });
    const shown = await bertha(['show', 'first'], env);
    assert.equal(shown.code, 0);
    assert.match(shown.out, /^first {2}running for \d+ s\n/);
    assert.match(shown.out, /no worker runs/);
    const { run, state, workerRuns, stage } = JSON.parse(
      (await bertha(['show', 'first', '--json'], env)).out,
    ) as Record<string, unknown>;
    assert.deepEqual(
      { run, state, workerRuns, stage },
      { run: 'first', state: 'running', workerRuns: false, stage: null },
    );
    const { runs } = JSON.parse(await listed(/"first"/)) as { runs: { run: string }[] };
    assert.deepEqual(
      runs.map((one) => one.run),
      ['first'],
    );
  });

  it('start says which search attributes are missing and how to register them; once they are, runs use them', async () => {
    await withConfig(configText, async (file) => {
      const before = await bertha(['start', file, '--name', 'unsearchable'], env);
      const commands = /register them with: (temporal operator .*)$/m.exec(before.err)?.[1]?.split(' && ') ?? [];
      assert.equal(commands.length, 5, before.err);
      for (const command of commands) execFileSync(tools().temporal, command.split(' ').slice(1), { stdio: 'ignore' });
      const after = await bertha(['start', file, '--name', 'searchable'], env);
      assert.equal(after.code, 0, after.err);
      assert.doesNotMatch(after.err, /search attribute/);
    });
    assert.deepEqual([await inputOf('unsearchable'), await inputOf('searchable')], [false, true]);
  });

  it('what a run does not have yet is one sentence that says where the run is', async () => {
    const logs = await bertha(['logs', 'first'], env);
    assert.equal(logs.code, 1);
    assert.match(
      logs.err,
      /^bertha: run "first" has submitted no job: it has not begun to work; look with: npx bertha show first\n$/,
    );
    const report = await bertha(['report', 'first'], env);
    assert.equal(report.code, 1);
    assert.match(
      report.err,
      /^bertha: run "first" has not ended and has not begun to work: its report is written at the end; look with: npx bertha show first\n$/,
    );
  });

  it('events of a run whose storage cannot be reached from here are the ones that it says itself, and that is noted', async () => {
    const { code, out, err } = await bertha(['events', 'first'], env);
    assert.equal(code, 0);
    assert.equal(out, 'the run was started a moment ago and has said nothing yet\n');
    assert.match(err, /^the journal of run first cannot be read now, so only its last events follow: .*nowhere/);
  });

  it('the ledger of a run under way is its own to tell, so it takes a worker', async () => {
    const { code, out, err } = await bertha(['ledger', 'first'], env);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /^bertha: no worker runs: the run waits and loses nothing; start one with: npx bertha worker\n$/);
  });

  it('a command that only a worker can take is refused at once, with what to do', async () => {
    for (const argv of [['pause'], ['resume'], ['recover'], ['set', '--checkpoint-steps', '10']]) {
      const [verb = '', ...rest] = argv;
      const { code, out, err } = await bertha([verb, 'first', ...rest], env);
      assert.deepEqual([code, out], [1, '']);
      assert.equal(
        err,
        'bertha: no worker runs, so run "first" cannot take a command; start one with: npx bertha worker, and say it again\n',
      );
    }
  });

  it('cancel asks, says what will happen, and that a worker is needed for it', async () => {
    const { code, out, err } = await bertha(['cancel', 'first'], env);
    assert.equal(code, 0);
    assert.match(
      out,
      /^asked run first to stop: it stops before its next job, then it writes its report; its checkpoints stay\n/,
    );
    assert.match(err, /no worker runs/);
  });

  it('a stack that has stopped is one sentence that says how to start it', async () => {
    await stopTemporal();
    const { code, out, err } = await bertha(['ls'], env);
    assert.equal(code, 4);
    assert.equal(out, '');
    assert.equal(linesOf(err).length, 1);
    assert.match(err, new RegExp(`the local stack "${STACK}" has stopped; start it again with: npx bertha up`));
  });

  /** What a run was told about search attributes. */
  async function inputOf(run: string): Promise<unknown> {
    const client = await BerthaClient.connect(temporalTarget(STACK));
    try {
      const started = (await client.history(run)).events?.[0]?.workflowExecutionStartedEventAttributes;
      const [input] = started?.input?.payloads ?? [];
      return (JSON.parse(Buffer.from(input?.data ?? '').toString()) as { searchAttributes: unknown }).searchAttributes;
    } finally {
      await client.close();
    }
  }

  async function stopTemporal(): Promise<void> {
    if (temporal !== null) await stopPart(places, temporal);
    temporal = null;
  }

  /** Temporal's list lags behind what was started. */
  async function listed(expected: RegExp): Promise<string> {
    for (;;) {
      const { out } = await bertha(['ls', '--json'], env);
      if (expected.test(out)) return out;
    }
  }
});
