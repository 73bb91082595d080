import assert from 'node:assert/strict';
import type { SubmitRequest } from '../../activities/jobs.js';
import type { TakenUp } from '../../activities/past.js';
import type { AttemptRecord } from '../../domain/attempts.js';
import { changeControl, newControl } from '../../domain/control.js';
import type { RunEventBody } from '../../domain/events.js';
import type { JournalEntry } from '../../domain/journal.js';
import { attemptFolder, runRecordPath } from '../../domain/paths.js';
import { attempt, checkpoint } from '../domain/samples.js';
import { activities, config, place, store } from './support/deps.js';
import { rawJob, submitRequest } from './support/jobs.js';
import { failure, run, runUntilDone } from './support/run.js';
import { sharedStack } from './support/stack.js';
import { look, watchRequest } from './support/watching.js';

const RESUMED = (name: string) => `runs/${name}/p1/attempts/a001/i1/checkpoints/step-000000025`;

describe('activities: taking up a run whose workflow is lost', function () {
  this.timeout(60_000);
  before(sharedStack);

  it('finds the attempt that was submitted and never recorded, with all that its watch needs', async () => {
    await lose('found', { attempt: 2, resumeFrom: RESUMED('found') }, { note: 7000 });
    await say('found', [recorded('found', 1)]);
    const { open, past } = await takeUp('found');
    assert.deepEqual(open, {
      phase: 'p1',
      attempt: 2,
      jobName: 'found-p1-a002',
      submittedAt: 7000,
      resumedFrom: { ...checkpoint(25, { incarnation: 'i1' }), path: RESUMED('found'), sampleHash: '', at: '' },
      dataFolder: 'data/tiny/0',
      told: { sequence: 0, checkpointNow: 0 },
      stopping: null,
    });
    assert.equal(past['p1']?.attempts, 2);
    assert.deepEqual(past['p1']?.lineage, [{ attempt: 'a001', upTo: 25 }]);
  });

  it('finds it too where the workflow was lost before it wrote a word of it', async () => {
    await lose('wordless', { attempt: 1 });
    const before = Date.now();
    const { open } = await takeUp('wordless');
    assert.equal(open?.jobName, 'wordless-p1-a001');
    assert.ok(open.submittedAt <= before && open.submittedAt > before - 60_000, 'as Azure says');
    assert.equal(open.resumedFrom, null);
  });

  it('knows what its trainer was told before, taken in or not', async () => {
    await lose('told-before', { attempt: 1 });
    const folder = `${attemptFolder('told-before', 'p1', 1)}/i1`;
    await (
      await store()
    ).write(`${folder}/heartbeat.json`, JSON.stringify({ ...heartbeat, control: { sequence: 3, checkpointNow: 2 } }));
    assert.deepEqual((await takeUp('told-before')).open?.told, { sequence: 3, checkpointNow: 2 });
    await (await store()).write(`${folder}/control.json`, JSON.stringify({ sequence: 5, checkpointNow: null }));
    assert.deepEqual((await takeUp('told-before', 'chain-3')).open?.told, { sequence: 5, checkpointNow: 2 });
  });

  it('opens nothing where the last attempt is recorded: the newest checkpoint is looked for', async () => {
    await lose('recorded', { attempt: 1 }, { note: 1 });
    await say('recorded', [recorded('recorded', 1)]);
    const { open, past } = await takeUp('recorded');
    assert.equal(open, null);
    assert.deepEqual([past['p1']?.attempts, past['p1']?.head], [1, null]);
  });

  it('opens the attempt of the journal also where Azure does not know its job: a 404 alone proves no end', async () => {
    await claim('forgotten', 'chain-1');
    await say('forgotten', [submitted('forgotten', 4, 1)]);
    const { open, past } = await takeUp('forgotten');
    assert.deepEqual([open?.jobName, open?.submittedAt, past['p1']?.attempts], ['forgotten-p1-a004', 1, 4]);
  });

  it('knows why the workflow that was lost was ending the job', async () => {
    await lose('ending', { attempt: 1 }, { note: 1 });
    const seconds = { seconds: 301, limitSeconds: 300 };
    await say('ending', [event({ kind: 'limit-passed', jobName: 'ending-p1-a001', limit: 'silent', ...seconds }, 2)]);
    assert.deepEqual((await takeUp('ending')).open?.stopping, { for: 'limit', limit: 'silent', seconds: 301 });
  });

  it('opens the attempt of a later phase, behind a phase that was done', async () => {
    const { steps } = config('later').phases[0] ?? { steps: 0 };
    const head = checkpoint(steps, { path: 'runs/later/p1/attempts/a001/i1/checkpoints/step-000000080' });
    await lose('later', { phase: 'p2', attempt: 1, initFrom: head.path });
    await say('later', [recorded('later', 1, { ending: 'completed', keptStep: steps, head })]);
    const { open, past } = await takeUp('later');
    assert.equal(open?.jobName, 'later-p2-a001');
    assert.deepEqual([past['p1']?.done, past['p1']?.head], [true, head]);
  });

  it('refuses a stranger for good whose job carries a name of the journal', async () => {
    await lose('usurped', { attempt: 1, chain: 'a-stranger' }, { note: 1 });
    const { type, nonRetryable, message } = await failure(takeUp('usurped'));
    assert.deepEqual([type, nonRetryable], ['JobIsNotOurs', true]);
    assert.match(
      message,
      /^job usurped-p1-a001 stands in the journal of run "usurped" and carries the tags of another/,
    );
  });

  it('passes over the number of a stranger that the journal does not name', async () => {
    await lose('passed', { attempt: 1, chain: 'a-stranger' });
    const { open, past } = await takeUp('passed');
    assert.deepEqual([open, past['p1']?.attempts], [null, 1]);
  });

  it('keeps both of two workflows in the record that take the run up at the same moment', async () => {
    await claim('twice', 'chain-1');
    const both = ['chain-2', 'chain-3'].map((chain) =>
      runUntilDone(activities.claimRun, claimRequest('twice', chain, true)),
    );
    await Promise.all(both);
    assert.deepEqual([...(await chainsOf('twice'))].sort(), ['chain-1', 'chain-2', 'chain-3']);
  });

  it('tells what is wrong with a run that is under way, and does not stop it', async () => {
    const wrong = config('under-way');
    const request = {
      place: place('under-way'),
      config: { ...wrong, cluster: { ...wrong.cluster, sku: 'Standard_None' } },
    };
    assert.equal((await failure(run(activities.preflight, request))).type, 'PreflightFailed');
    const { problems } = await run(activities.preflight, { ...request, underWay: true });
    assert.match(problems?.join() ?? '', /Standard_None/);
  });
});

describe('activities: the workflow that another has taken its run over from', function () {
  this.timeout(60_000);
  before(sharedStack);

  it('submits nothing', async () => {
    await claim('past-it', 'chain-1');
    await takeUp('past-it');
    const request = await submitRequest('past-it', 'true', { chain: 'chain-1' });
    await refusedAsTakenOver('past-it', run(activities.submitJob, request));
    await assert.rejects(rawJob('past-it-p1-a001'), /404|NotFound|not found/i);
  });

  it('ends no job, and has no say about those that live', async () => {
    await lose('alive', { attempt: 1 }, { command: 'sleep 300' });
    await takeUp('alive');
    const { cluster, stopping } = config('alive');
    const rules = { jobName: 'alive-p1-a001', wanted: true, stopping, pollSeconds: 1, ownsCluster: false };
    const end = (chain: string) =>
      run(activities.endJob, { place: place('alive'), chain, cluster: cluster.name, rules });
    await refusedAsTakenOver('alive', end('chain-1'));
    await refusedAsTakenOver('alive', run(activities.jobsAlive, { place: place('alive'), chain: 'chain-1' }));
    assert.doesNotMatch((await rawJob('alive-p1-a001')).properties.status, /Cancel/);
    assert.equal((await failure(end('chain-2'))).type, 'JobStillEnding', 'the newer one may');
  });

  it('tells the trainer nothing: to stop, for example', async () => {
    await lose('told-off', { attempt: 1 }, { command: 'sleep 300' });
    const folder = `${attemptFolder('told-off', 'p1', 1)}/i1`;
    await (await store()).write(`${folder}/heartbeat.json`, JSON.stringify(heartbeat));
    const control = changeControl(newControl(1), { stop: 'after-checkpoint' }, 2);
    const tell = (chain: string) => look(watchRequest('told-off', { chain, control }));
    await takeUp('told-off');
    await refusedAsTakenOver('told-off', tell('chain-1'));
    assert.equal(await (await store()).info(`${folder}/control.json`), null);
    assert.equal((await failure(tell('chain-2'))).type, 'JobStillRunning');
    assert.notEqual(await (await store()).info(`${folder}/control.json`), null);
  });

  it('may have submitted a job as its last act: the newer one adopts it', async () => {
    await lose('last-act', { attempt: 1 });
    await takeUp('last-act');
    const request = await submitRequest('last-act', 'true', { chain: 'chain-2' });
    assert.deepEqual(await run(activities.submitJob, request), { jobName: 'last-act-p1-a001', adopted: true });
  });
});

const heartbeat = {
  ...{ format: 'bertha-heartbeat/1', incarnation: 'i1', sequence: 1, state: 'training', step: 30, totalSteps: 80 },
  ...{ loss: null, sequencesPerSecond: null, checkpointStep: null, checkpointAt: null, firstStepAt: null },
  at: '2026-11-23T01:00:00.000Z',
};

function claimRequest(name: string, chain: string, continueRun: boolean) {
  return { place: place(name), config: config(name), spec: 'spec-1', chain, continueRun };
}

const claim = (name: string, chain: string) => run(activities.claimRun, claimRequest(name, chain, false));

async function takeUp(name: string, chain = 'chain-2'): Promise<TakenUp> {
  return (await run(activities.claimRun, claimRequest(name, chain, true))) as TakenUp;
}

/** A run whose first workflow submitted a job and was never heard of again. @param left `note`: when its journal says so */
async function lose(
  name: string,
  changes: Partial<SubmitRequest>,
  left: { note?: number; command?: string } = {},
): Promise<void> {
  const request = await submitRequest(name, left.command ?? 'true', { chain: 'chain-1', ...changes });
  const isStranger = request.chain !== 'chain-1';
  if (isStranger) await run(activities.submitJob, request);
  await claim(name, 'chain-1');
  if (!isStranger) await run(activities.submitJob, request);
  if (left.note !== undefined) await say(name, [submitted(name, request.attempt, left.note)]);
}

const say = (name: string, entries: readonly JournalEntry[]) => run(activities.record, { place: place(name), entries });

let sequence = 0;
function submitted(name: string, number: number, at: number): JournalEntry {
  const jobName = `${name}-p1-a00${number}`;
  const body: RunEventBody = { kind: 'job-submitted', phase: 'p1', jobName, resumeStep: null, adopted: false };
  return event(body, at);
}

const event = (body: RunEventBody, at: number): JournalEntry => ({
  ...{ type: 'event', chain: 'chain-1' },
  event: { ...body, sequence: ++sequence, at },
});

function recorded(name: string, number: number, over: Partial<AttemptRecord> = {}): JournalEntry {
  const head = checkpoint(25, { incarnation: 'i0' });
  const record = attempt({ attempt: number, jobName: `${name}-p1-a00${number}`, keptStep: 25, head, ...over });
  return { type: 'attempt', chain: 'chain-1', record };
}

async function chainsOf(name: string): Promise<string[]> {
  return ((await (await store()).json(runRecordPath(name))) as { chains: string[] }).chains;
}

async function refusedAsTakenOver(name: string, acting: Promise<unknown>): Promise<void> {
  const { type, nonRetryable, message } = await failure(acting);
  assert.deepEqual([type, nonRetryable], ['RunTakenOver', true]);
  const expected = new RegExp(
    `^run "${name}" was taken up by another workflow \\(chain-2 in bertha/runs/${name}/run\\.json\\); this one \\(chain-1\\) ends and leaves its job alone$`,
  );
  assert.match(message, expected);
}
