import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { installation } from '../../installation.js';
import type { SubmitRequest } from '../../activities/jobs.js';
import type { RunInput } from '../../workflows/run-state.js';
import { FakeAzure } from './fake/index.js';
import { useServer } from './suite.js';

/** What a run of the first release handed over when it continued as new between two segments of a watch. */
const handedOver = () =>
  JSON.parse(
    readFileSync(resolve(installation, 'test', 'workflows', 'fixtures', 'first-release.json'), 'utf8'),
  ) as RunInput;

describe('workflows: a run that the first release began', function () {
  this.timeout(30_000);
  const suite = useServer();

  it('is taken over with its job: config and state are completed by what came later', async () => {
    const azure = new FakeAzure([
      { ending: 'preempted', saves: [120], looks: 2 },
      { ending: 'completed', saves: [360] },
      { ending: 'completed', saves: [120] },
    ]);
    const input = handedOver();
    const { name } = input.config;
    const submitted = { place: { run: name }, chain: 'first-release', phase: 'p1', attempt: 1, resumeFrom: null };
    azure.put(`${name}-p1-a001`, submitted as SubmitRequest);
    const run = await suite.takeOver(azure, input, { startDelay: '1s' });
    // The chain keeps its name over every continue-as-new, and run.json names it since the first of them.
    azure.chains.push('first-release', run.firstExecutionRunId);
    const report = await run.result();
    assert.deepEqual(
      report.phases.flatMap(({ attempts }) => attempts.map(({ job, ending }) => [job, ending])),
      [
        [`${name}-p1-a001`, 'preempted'],
        [`${name}-p1-a002`, 'completed'],
        [`${name}-p2-a001`, 'completed'],
      ],
    );
    assert.match(azure.jobs.get(`${name}-p1-a002`)?.request.resumeFrom ?? '', /a001\/.*step-000000120$/);
    assert.equal(azure.mostAlive, 1);
  });
});
