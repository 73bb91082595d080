import assert from 'node:assert/strict';
import type { RunEvent, RunEventBody } from '../../domain/events.js';
import { FakeAzure } from './fake/index.js';
import { endsCanceled } from './failure.js';
import { type RunHandle, useServer } from './suite.js';
import { eventually } from './waiting.js';

const runsOn = { ending: 'runs-on' } as const;
const done = [{ ending: 'completed', saves: [360] } as const, { ending: 'completed', saves: [120] } as const];
/** Real time passes here. */
const quickly = { watch: { pollSeconds: 0.2 }, stopping: { checkpointSeconds: 1 } };

describe('workflows: a run whose Temporal was lost', function () {
  this.timeout(30_000);
  const suite = useServer('dev');

  it('adopts the job that still trains: no other is submitted, and its attempt is settled as its own', async () => {
    const azure = new FakeAzure([runsOn, done[1] ?? runsOn]);
    await lose(await suite.start(azure, { name: 'live', over: quickly }), azure);
    const again = await suite.start(azure, { name: 'live', over: quickly, continueRun: true });
    await completes(azure, 'live-p1-a001', 360);
    const report = await again.result();
    assert.deepEqual([...azure.jobs.keys()], ['live-p1-a001', 'live-p2-a001']);
    assert.deepEqual(azure.callsOf('endJob'), []);
    assert.deepEqual(azure.callsOf('copyData').length, 1, 'its data were in place');
    assert.deepEqual(
      report.phases[0]?.attempts.map(({ ending }) => ending),
      ['completed'],
    );
    const told = eventsOf(azure, 'job-submitted').map(({ jobName, adopted }) => [jobName, adopted]);
    assert.deepEqual(told.slice(0, 2), [
      ['live-p1-a001', false],
      ['live-p1-a001', true],
    ]);
  });

  it('settles the job that ended meanwhile, and resumes from what it saved', async () => {
    const azure = new FakeAzure([runsOn, ...done]);
    await lose(await suite.start(azure, { name: 'ended', over: quickly }), azure);
    const job = azure.jobs.get('ended-p1-a001');
    assert.ok(job);
    azure.save(job, 200);
    job.status = 'Failed';
    const report = await (await suite.start(azure, { name: 'ended', over: quickly, continueRun: true })).result();
    assert.match(azure.jobs.get('ended-p1-a002')?.request.resumeFrom ?? '', /a001\/.*step-000000200$/);
    assert.equal(report.phases[0]?.attempts[0]?.keptStep, 200);
  });

  it('goes on in the phase that it was in, without a look at the one before', async () => {
    const azure = new FakeAzure([done[0] ?? runsOn, runsOn]);
    const first = await suite.start(azure, { name: 'second', over: quickly });
    await eventually('phase 2 trains', () => Promise.resolve((azure.jobs.get('second-p2-a001')?.looks ?? 0) > 0));
    await lose(first, azure);
    const before = azure.callsOf('findCheckpoint').length;
    const again = await suite.start(azure, { name: 'second', over: quickly, continueRun: true });
    await completes(azure, 'second-p2-a001', 120);
    await again.result();
    assert.deepEqual([...azure.jobs.keys()], ['second-p1-a001', 'second-p2-a001']);
    assert.equal(azure.callsOf('findCheckpoint').length, before + 1, 'when the adopted job had ended');
  });

  it('stays paused where it was paused', async () => {
    const azure = new FakeAzure([runsOn]);
    const first = await suite.start(azure, { name: 'still-paused', over: quickly });
    await eventually('it trains', () => Promise.resolve(azure.looks > 0));
    await first.executeUpdate('pause', { args: [{ by: 'ada' }] });
    await eventually(
      'the job has ended',
      async () => (await first.query<{ now: string }>('plan')).now === 'paused by ada',
    );
    await lose(first, azure);
    const again = await suite.start(azure, { name: 'still-paused', over: quickly, continueRun: true });
    await eventually('it is paused', async () => (await again.query<{ now: string }>('plan')).now === 'paused by ada');
    assert.equal(azure.jobs.size, 1);
    await again.terminate();
  });

  /** A run of two checkpoints that was lost while it was paused; those named were damaged since. */
  const takenUpPaused = async (name: string, damaged: readonly number[]) => {
    const azure = new FakeAzure([runsOn, ...done]);
    const first = await suite.start(azure, { name, over: quickly });
    await eventually('it trains', () => Promise.resolve(azure.looks > 0));
    const job = azure.jobs.get(`${name}-p1-a001`);
    assert.ok(job);
    for (const step of [100, 200]) azure.save(job, step);
    await first.executeUpdate('pause', { args: [{ by: 'ada' }] });
    await eventually('the attempt is settled', () => Promise.resolve(eventsOf(azure, 'attempt-ended').length > 0));
    await lose(first, azure);
    for (const { path, step } of azure.checkpoints)
      if (damaged.includes(step)) azure.damaged.push({ path, reason: 'model.safetensors is damaged' });
    return { azure, again: await suite.start(azure, { name, over: quickly, continueRun: true }) };
  };

  it('tells that what it was to go on from is damaged, and goes on from an older one', async () => {
    const { azure, again } = await takenUpPaused('damaged-since', [200]);
    await again.executeUpdate('resume', { args: [{ by: 'ada' }] });
    await again.result();
    assert.match(azure.jobs.get('damaged-since-p1-a002')?.request.resumeFrom ?? '', /step-000000100$/);
    assert.equal(eventsOf(azure, 'checkpoint-rejected')[0]?.reason, 'model.safetensors is damaged');
    assert.equal(
      eventsOf(azure, 'resuming').at(-1)?.reason,
      'resuming from step 100, checkpoint verified, below step 200 that was reached',
    );
  });

  it('does not start over without a word of a person where nothing verifies any more', async () => {
    const { azure, again } = await takenUpPaused('all-damaged', [100, 200]);
    await eventually('it asks', () => Promise.resolve(eventsOf(azure, 'held').length > 0));
    assert.match(eventsOf(azure, 'held')[0]?.reason ?? '', /no checkpoint verifies any more, .* would lose 200 steps/);
    assert.equal(azure.jobs.size, 1);
    await again.executeUpdate('resume', { args: [{ by: 'ada' }] });
    await again.result();
    assert.equal(azure.jobs.get('all-damaged-p1-a002')?.request.resumeFrom, null);
  });

  /** A run that was lost while it trained and is taken up; something is asked of it before it has read its past. */
  const takenUpAsking = async (name: string, ask: (run: RunHandle) => Promise<unknown>) => {
    const azure = new FakeAzure([runsOn]);
    const first = await suite.start(azure, { name, over: quickly });
    await eventually('it trains', () => Promise.resolve(azure.looks > 0));
    await lose(first, azure);
    const meanwhile: { asked?: Promise<unknown> } = {};
    azure.onCall = async (activity) => {
      if (activity === 'claimRun') await meanwhile.asked;
    };
    const again = await suite.start(azure, { name, over: quickly, continueRun: true });
    meanwhile.asked = ask(again);
    return { again, azure };
  };

  it('forgets nothing that was asked while it still read what the run had left', async () => {
    const { again, azure } = await takenUpAsking('asked-early', (run) =>
      run.executeUpdate('pause', { args: [{ by: 'ada' }] }),
    );
    await eventually('it is paused', async () => (await again.query<{ now: string }>('plan')).now === 'paused by ada');
    await eventually('the job has ended', () => Promise.resolve(azure.alive().length === 0));
    await again.terminate();
  });

  it('ends the job also where it is canceled while it still reads what the run had left', async () => {
    const { again, azure } = await takenUpAsking('canceled-early', (run) => run.cancel());
    await endsCanceled(again);
    assert.equal(azure.jobs.get('canceled-early-p1-a001')?.status, 'Canceled');
    assert.equal(azure.report?.outcome, 'canceled');
  });

  it('takes a job that it had itself told to end for no cancel of somebody else', async () => {
    const azure = new FakeAzure([runsOn, ...done]);
    await lose(await suite.start(azure, { name: 'ours', over: quickly }), azure);
    said(azure, { kind: 'limit-passed', jobName: 'ours-p1-a001', limit: 'silent', seconds: 301, limitSeconds: 300 });
    const job = azure.jobs.get('ours-p1-a001');
    assert.ok(job);
    job.status = 'Canceled';
    const report = await (await suite.start(azure, { name: 'ours', over: quickly, continueRun: true })).result();
    assert.deepEqual(
      report.phases[0]?.attempts.map(({ ending }) => ending),
      ['hung', 'completed'],
    );
  });

  it('leaves no job to train that was to be ended for a pause', async () => {
    const azure = new FakeAzure([runsOn]);
    await lose(await suite.start(azure, { name: 'paused-late', over: quickly }), azure);
    const asked = { id: 'c1', by: 'ada', kind: 'pause' } as const;
    said(azure, { kind: 'operator', command: 'pause', by: 'ada', effect: 'it is paused', asked });
    const again = await suite.start(azure, { name: 'paused-late', over: quickly, continueRun: true });
    await eventually('it is paused', async () => (await again.query<{ now: string }>('plan')).now === 'paused by ada');
    await eventually('nothing trains', () => Promise.resolve(azure.alive().length === 0));
    await again.terminate();
  });

  it('ends a job of its own that it does not adopt', async () => {
    const azure = new FakeAzure([runsOn, runsOn, runsOn]);
    await lose(await suite.start(azure, { name: 'stray', over: quickly }), azure);
    const { request } = azure.jobs.get('stray-p1-a001') ?? {};
    assert.ok(request);
    azure.put('stray-p1-a002', { ...request, attempt: 2 });
    const again = await suite.start(azure, { name: 'stray', over: quickly, continueRun: true });
    await eventually('the older one has ended', () =>
      Promise.resolve(azure.jobs.get('stray-p1-a001')?.status === 'Canceled'),
    );
    await eventually('the newer one is watched', () =>
      Promise.resolve((azure.jobs.get('stray-p1-a002')?.looks ?? 0) > 0),
    );
    assert.equal(azure.jobs.get('stray-p1-a002')?.status, 'Running');
    await again.terminate();
  });
});

/** The workflow is gone from one moment to the next; its job knows nothing of it. */
async function lose(run: RunHandle, azure: FakeAzure): Promise<void> {
  await eventually('a job is watched', () => Promise.resolve(azure.looks > 0));
  await run.terminate();
}

/** The last words of the workflow that is gone. */
function said({ journal, chains }: FakeAzure, body: RunEventBody): void {
  const event = { ...body, sequence: 1000 + journal.length, at: Date.now() };
  journal.push({ type: 'event', chain: chains.at(-1) ?? '', event });
}

/** A job that is watched comes to its last step. */
async function completes(azure: FakeAzure, name: string, step: number): Promise<void> {
  const job = azure.jobs.get(name);
  assert.ok(job);
  const { looks } = job;
  await eventually('it is watched again', () => Promise.resolve(job.looks > looks));
  azure.save(job, step);
  job.status = 'Completed';
}

function eventsOf<Kind extends RunEvent['kind']>(azure: FakeAzure, kind: Kind): Extract<RunEvent, { kind: Kind }>[] {
  const events = azure.journal.flatMap((entry) => (entry.type === 'event' ? [entry.event] : []));
  return events.filter((event): event is Extract<RunEvent, { kind: Kind }> => event.kind === kind);
}
