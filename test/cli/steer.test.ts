import assert from 'node:assert/strict';
import { hostname, userInfo } from 'node:os';
import { FakeAzure } from '../workflows/fake/index.js';
import { endsCanceled } from '../workflows/failure.js';
import { type RunHandle, useServer } from '../workflows/suite.js';
import { eventually } from '../workflows/waiting.js';
import { type Ran, bertha } from './support/run.js';

/** Real time passes here. */
const quickly = { watch: { pollSeconds: 0.2 }, stopping: { checkpointSeconds: 1 } };

describe('cli: steering a run', function () {
  this.timeout(60_000);
  const suite = useServer('dev');
  let azure: FakeAzure;
  let run: RunHandle;

  before(async () => {
    azure = new FakeAzure([{ ending: 'runs-on' }]);
    run = await suite.start(azure, { name: 'steered', over: quickly });
    await eventually('the first job runs', () => Promise.resolve(azure.looks > 0));
  });

  const type = (...argv: string[]): Promise<Ran> => bertha(argv, { TEMPORAL_ADDRESS: suite.env.address });

  /** Types a command that must work. @returns what it printed */
  async function works(...argv: string[]): Promise<string> {
    const { code, out, err } = await type(...argv);
    assert.equal(code, 0, err);
    return out;
  }

  async function plan(): Promise<{ now: string; next: string; paused: unknown; held: unknown }> {
    return (JSON.parse(await works('show', 'steered', '--json')) as { plan: Awaited<ReturnType<typeof plan>> }).plan;
  }

  it('show says what the run does, what comes next, and what can be typed', async () => {
    const shown = await works('show', 'steered');
    assert.match(shown, /^now {3}watching job steered-p1-a001$/m);
    assert.match(
      shown,
      /^next {2}when the job ends: phase p2 begins if step 360 is saved and verifies, else another attempt\n {6}goes on from step 0, or newer$/m,
    );
    assert.match(shown, /^ {2}npx bertha pause steered +save, end the job/m);
  });

  it('set changes the interval, and takes it back', async () => {
    assert.match(
      await works('set', 'steered', '--checkpoint-seconds', '60'),
      /^run steered: a checkpoint every 60 s\n/,
    );
    assert.match(await works('set', 'steered', '--checkpoint-steps', '10'), /a checkpoint every 10 steps/);
    assert.match(await works('set', 'steered', '--checkpoint-default'), /the config's interval again/);
  });

  it('set changes the budget, and one thing at a time', async () => {
    assert.match(
      await works('set', 'steered', '--budget', '400'),
      /^run steered: all attempts together may cost 400 USD/,
    );
    const both = await type('set', 'steered', '--budget', '400', '--checkpoint-steps', '10');
    assert.match(both.err, /what shall change\?/);
  });

  it('skip has a phase pass over samples, from the next attempt on', async () => {
    const out = await works('skip', 'steered', '--phase', 'p1', '--from', '128', '--to', '256');
    assert.match(out, /^run steered: samples 128 to 256 of phase p1 are passed over from the next attempt on\n/);
  });

  it('a refused command is the sentence of the run, and changes nothing', async () => {
    const { code, out, err } = await type('skip', 'steered', '--phase', 'p9', '--from', '0', '--to', '1');
    assert.deepEqual([code, out], [1, '']);
    assert.equal(err, 'bertha: run "steered" refused: there is no phase p9; choose from p1, p2\n');
    const wrong = await type('set', 'steered', '--checkpoint-seconds', '1');
    assert.match(wrong.err, /^bertha: run "steered" refused: an interval of 1 s is not between 5 and 86400 s\n$/);
  });

  it('set --deadline says until when the run must be done, and asks for a time with its zone', async () => {
    assert.match(
      await works('set', 'steered', '--deadline', '2036-12-24T18:00:00+01:00'),
      /done by 2036-12-24T17:00:00/,
    );
    assert.match(await works('set', 'steered', '--deadline', 'none'), /the run has no deadline/);
    const { code, err } = await type('set', 'steered', '--deadline', '2036-12-24');
    assert.equal(code, 2);
    assert.match(err, /--deadline 2036-12-24 is no time with its zone; write it as 2026-12-24T18:00:00Z, or none/);
  });

  it('recover ends the job and brings the next attempt, which passes over the samples', async () => {
    assert.match(await works('recover', 'steered'), /the next attempt is submitted at once/);
    await eventually('the second job runs', () => Promise.resolve(azure.jobs.has('steered-p1-a002')));
    assert.equal(azure.jobs.get('steered-p1-a001')?.leftOnRequest, true);
    const { parameters } = azure.jobs.get('steered-p1-a002')?.request ?? {};
    assert.match(JSON.stringify(parameters), /128.*256/);
  });

  it('pause ends the job and submits none; show says who, and how to go on', async () => {
    const before = Date.now();
    const answer = JSON.parse(await works('pause', 'steered', '--by', 'ada', '--json')) as object;
    assert.deepEqual(answer, {
      type: 'pause',
      run: 'steered',
      by: 'ada',
      effect: 'the job saves and ends; nothing is paid until bertha resume',
    });
    await eventually('the run is paused', async () => (await plan()).now === 'paused by ada');
    const { paused } = await plan();
    assert.ok((paused as { at: number }).at >= before);
    const shown = await works('show', 'steered');
    assert.match(
      shown,
      /^now {4}paused by ada\npause {2}asked for by ada at \d\d:\d\d:\d\d\nnext {3}nothing is submitted until/m,
    );
    assert.match(shown, /^ {2}npx bertha resume steered +let it go on$/m);
    assert.doesNotMatch(shown, /bertha pause steered/);
    assert.equal(azure.jobs.size, 2);
  });

  it('a second pause changes nothing, and says so', async () => {
    assert.match(await works('pause', 'steered'), /^run steered: nothing changes by it\n/);
  });

  it('resume submits the next attempt', async () => {
    assert.match(await works('resume', 'steered'), /^run steered: the next attempt is submitted\n/);
    const third = () => azure.jobs.get('steered-p1-a003');
    await eventually('the third job is watched', () => Promise.resolve((third()?.looks ?? 0) > 0));
  });

  it('who asked stands in the journal: by default the user of this machine', async () => {
    const asked = azure.journal.flatMap((entry) =>
      entry.type === 'event' && entry.event.kind === 'operator' ? [`${entry.event.command} ${entry.event.by}`] : [],
    );
    assert.ok(asked.includes(`recover-now ${userInfo().username}@${hostname()}`), asked.join());
    assert.ok(asked.includes('pause ada'), asked.join());
  });

  it('cancel ends the run, and its reason stands in the report', async () => {
    const out = await works('cancel', 'steered', '--reason', 'the data are wrong', '--by', 'ada');
    assert.match(out, /^asked run steered to stop: it cancels job steered-p1-a003/);
    await endsCanceled(run);
    assert.match(azure.report?.because ?? '', /the data are wrong/);
  });

  it('what has ended takes no command', async () => {
    const { code, err } = await type('pause', 'steered');
    assert.equal(code, 1);
    assert.match(err, /^bertha: run "steered" has ended already \(canceled\); read its report with/);
  });
});
