import assert from 'node:assert/strict';
import { newPhase } from '../../domain/attempts.js';
import { runRecordPath } from '../../domain/paths.js';
import { activities, config, place, store } from './support/deps.js';
import { submitRequest } from './support/jobs.js';
import { makeCheckpoint } from './support/checkpoints.js';
import { failure, run } from './support/run.js';
import { sharedStack } from './support/stack.js';

describe('activities: claiming a run name', function () {
  this.timeout(30_000);
  before(sharedStack);

  const claim = (name: string, chain: string, continueRun = false) =>
    run(activities.claimRun, { place: place(name), config: config(name), spec: 'spec-1', chain, continueRun });
  const record = async (name: string) => (await store()).text(runRecordPath(name));

  it('is written down at the first claim, with the config and the chain', async () => {
    assert.deepEqual(await claim('claimed', 'chain-1'), { past: {} });
    const written = JSON.parse((await record('claimed')) ?? '') as Record<string, unknown>;
    assert.deepEqual(written, {
      format: 'bertha-run/1',
      run: 'claimed',
      chains: ['chain-1'],
      spec: 'spec-1',
      config: config('claimed'),
    });
  });

  it('may be claimed again by the same chain, as often as an answer is lost', async () => {
    const before = await (await store()).info(runRecordPath('claimed'));
    assert.deepEqual(await claim('claimed', 'chain-1'), { past: {} });
    assert.deepEqual(await (await store()).info(runRecordPath('claimed')), before);
  });

  it('is refused to another chain for good, and the record stays as it was', async () => {
    const before = await record('claimed');
    const { type, nonRetryable, message } = await failure(claim('claimed', 'chain-2'));
    assert.deepEqual({ type, nonRetryable }, { type: 'RunNameTaken', nonRetryable: true });
    assert.match(
      message,
      /^a run named "claimed" exists already in bertha\/runs\/claimed\/run\.json; choose another name, or continue it with --continue$/,
    );
    assert.equal(await record('claimed'), before);
  });

  it('goes to one of two chains that claim it at the same moment', async () => {
    const both = await Promise.allSettled([claim('contested', 'chain-1'), claim('contested', 'chain-2')]);
    const winners = both.filter((outcome) => outcome.status === 'fulfilled');
    assert.equal(winners.length, 1);
    const { chains } = JSON.parse((await record('contested')) ?? '') as { chains: string[] };
    assert.equal(chains.length, 1);
  });

  it('is taken up again by --continue: the chain is added, and attempts number on behind folders and jobs', async () => {
    await claim('resumed', 'chain-1');
    await makeCheckpoint({ run: 'resumed', attempt: 2, step: 5 });
    // A job without a folder: it died before its first upload.
    await run(activities.submitJob, await submitRequest('resumed', 'true', { attempt: 3, chain: 'chain-1' }));
    const { past } = await claim('resumed', 'chain-2', true);
    assert.deepEqual(past, { p1: { ...newPhase('p1'), attempts: 3 }, p2: newPhase('p2') });
    const { chains } = JSON.parse((await record('resumed')) ?? '') as { chains: string[] };
    assert.deepEqual(chains, ['chain-1', 'chain-2']);
  });
});
