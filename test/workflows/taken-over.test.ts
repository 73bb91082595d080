import assert from 'node:assert/strict';
import { FakeAzure } from './fake/index.js';
import { failureOf } from './failure.js';
import { useServer } from './suite.js';
import { eventually } from './waiting.js';

const runsOn = { ending: 'runs-on' } as const;
/** Real time passes here. */
const quickly = { watch: { pollSeconds: 0.2 }, stopping: { checkpointSeconds: 1 } };

describe('workflows: a run that was taken up elsewhere', function () {
  this.timeout(30_000);
  const suite = useServer('dev');

  it('ends when it would submit the next job, and says why', async () => {
    const azure = new FakeAzure([{ ending: 'preempted', looks: 3 }]);
    const run = await suite.start(azure, { over: quickly });
    await takenOver(azure);
    const { type, message } = await failureOf(run);
    assert.deepEqual([type, message], ['RunTakenOver', 'the run was taken up by another workflow']);
    assert.equal(azure.jobs.size, 1);
    leftAlone(azure);
  });

  it('tells its trainer nothing when recovery is asked for', async () => {
    const azure = new FakeAzure([runsOn]);
    const run = await suite.start(azure, { over: quickly });
    await takenOver(azure);
    await run.executeUpdate('recoverNow', { args: [{ by: 'ada' }] });
    assert.equal((await failureOf(run)).type, 'RunTakenOver');
    assert.deepEqual(
      [...azure.jobs.values()].map(({ status, leftOnRequest }) => [status, leftOnRequest]),
      [['Running', false]],
    );
    leftAlone(azure);
  });

  it('ends no job when it is canceled', async () => {
    const azure = new FakeAzure([runsOn]);
    const run = await suite.start(azure, { over: quickly });
    await takenOver(azure);
    await run.executeUpdate('cancel', { args: [{ by: 'ada' }] });
    assert.equal((await failureOf(run)).type, 'RunTakenOver');
    assert.deepEqual(
      [...azure.jobs.values()].map(({ status }) => status),
      ['Running'],
    );
    leftAlone(azure);
  });
});

async function takenOver(azure: FakeAzure): Promise<void> {
  await eventually('a job is watched', () => Promise.resolve(azure.looks > 0));
  azure.chains.push('another-workflow');
}

/** The report and the journal's last word are the newer workflow's. */
function leftAlone(azure: FakeAzure): void {
  assert.equal(azure.report, null);
  const said = azure.journal.flatMap((entry) => (entry.type === 'event' ? [entry.event.kind] : []));
  assert.ok(!said.includes('run-ended'));
}
