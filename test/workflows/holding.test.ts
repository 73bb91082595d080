import assert from 'node:assert/strict';
import {
  cancelUpdate,
  pauseUpdate,
  planQuery,
  recoverNowUpdate,
  resumeUpdate,
  setCheckpointIntervalUpdate,
  skipWindowUpdate,
} from '../../workflows/messages.js';
import { historiesOf } from './executions.js';
import { FakeAzure } from './fake/index.js';
import { endsCanceled } from './failure.js';
import { isAt, journaled, looked, refusalOf, swiftly } from './steering.js';
import { useServer } from './suite.js';

const phase1 = { ending: 'completed', saves: [360] } as const;
const phase2 = { ending: 'completed', saves: [120] } as const;
const runsOn = { ending: 'runs-on' } as const;
const overQuota = { ending: 'over-quota' } as const;

describe('workflows: a run that waits for a person', function () {
  this.timeout(30_000);

  describe('in real time', () => {
    const suite = useServer('dev');

    it('submits nothing where only a person can help, says what for, and goes on with resume', async () => {
      const azure = new FakeAzure([overQuota, phase1, phase2]);
      const run = await suite.start(azure, { over: swiftly });
      await isAt(run, /^waiting for a person: .*quota limits/);
      assert.equal((await run.query(planQuery)).next, 'nothing is submitted until somebody says resume');
      assert.deepEqual([azure.jobs.size, azure.alive()], [1, []]);
      assert.match(journaled(azure, 'held')[0]?.nextCommand ?? '', /^bertha resume /);
      await run.executeUpdate(resumeUpdate, { args: [{}] });
      await run.result();
      assert.equal(azure.jobs.size, 3);
    });

    it('recover-now goes on too, and cancel ends it', async () => {
      const azure = new FakeAzure([overQuota, overQuota, runsOn]);
      const run = await suite.start(azure, { over: swiftly });
      await isAt(run, /^waiting for a person/);
      await run.executeUpdate(recoverNowUpdate, { args: [{}] });
      await isAt(run, /^watching job .*-a002|^waiting for a person/);
      await isAt(run, /^waiting for a person/);
      await run.executeUpdate(cancelUpdate, { args: [{}] });
      await endsCanceled(run);
      assert.deepEqual([azure.report?.outcome, azure.alive()], ['canceled', []]);
    });

    it('submits nothing beside a job that cannot be ended; a person frees it, and the run goes on', async () => {
      const azure = new FakeAzure([{ ...runsOn, obeys: false }, phase1, phase2]);
      const run = await suite.start(azure, { over: { ...swiftly, stopping: { checkpointSeconds: 0.5 } } });
      const stuck = `${run.workflowId}-p1-a001`;
      azure.stuck.add(stuck);
      await looked(azure);
      await run.executeUpdate(recoverNowUpdate, { args: [{}] });
      await isAt(run, /^waiting for a person: .*still holds nodes/);
      assert.match(journaled(azure, 'held')[0]?.reason ?? '', /the run did not make the cluster and may not delete it/);
      await run.executeUpdate(resumeUpdate, { args: [{}] });
      await isAt(run, /^waiting for a person: .*still holds nodes/);
      assert.equal(azure.jobs.size, 1, 'it asked again, and waits again');
      azure.stuck.delete(stuck);
      await run.executeUpdate(resumeUpdate, { args: [{}] });
      await run.result();
      assert.deepEqual([azure.mostAlive, azure.jobs.get(stuck)?.status], [1, 'Canceled']);
    });

    it('a canceled run that cannot end its job writes its report, and says so in it', async () => {
      const azure = new FakeAzure([{ ...runsOn, obeys: false }]);
      const run = await suite.start(azure, { over: swiftly });
      azure.stuck.add(`${run.workflowId}-p1-a001`);
      await looked(azure);
      await run.executeUpdate(cancelUpdate, { args: [{ by: 'ada' }] });
      await endsCanceled(run);
      assert.match(
        azure.report?.because ?? '',
        /^canceled by ada: no reason given; what is left could not be stopped \(.*-a001 is CancelRequested and still holds nodes/,
      );
    });

    it('refuses what cannot be by a sentence, and leaves nothing of it in the history', async () => {
      const azure = new FakeAzure([runsOn]);
      const run = await suite.start(azure, { over: swiftly });
      await looked(azure);
      const interval = (asked: { seconds?: number; steps?: number }) =>
        refusalOf(run.executeUpdate(setCheckpointIntervalUpdate, { args: [asked] }));
      const window = (phase: string, from: number, to: number) =>
        refusalOf(run.executeUpdate(skipWindowUpdate, { args: [{ phase, from, to }] }));
      assert.equal(await interval({ seconds: 60, steps: 10 }), 'the interval is 60 s or 10 steps, not both; say one');
      assert.equal(await interval({ seconds: 1 }), 'an interval of 1 s is not between 5 and 86400 s');
      assert.equal(await window('p9', 0, 1), 'there is no phase p9; choose from p1, p2');
      assert.match(await window('p1', 5, 5), /^samples 5 to 5 are no window/);
      const { events } = await run.fetchHistory();
      assert.equal(
        events?.some((event) => event.workflowExecutionUpdateAcceptedEventAttributes),
        false,
      );
      await run.executeUpdate(pauseUpdate, { args: [{}] });
      await isAt(run, /^paused/);
      const nothing = await refusalOf(run.executeUpdate(recoverNowUpdate, { args: [{}] }));
      assert.match(nothing, /^no job is submitted, so there is nothing to recover/);
      await run.executeUpdate(cancelUpdate, { args: [{}] });
      await endsCanceled(run);
    });
  });

  describe('for days', () => {
    const suite = useServer();

    it('watches a job again that Azure did not know for minutes: it is neither canceled nor doubled', async () => {
      const azure = new FakeAzure([{ ...phase1, looks: 12 }, phase2]);
      const run = await suite.start(azure);
      azure.onLook = (look, job) => void (job.hidden = look >= 2 && azure.callsOf('endJob').length === 0);
      azure.onCall = (activity) => {
        if (activity === 'endJob') for (const job of azure.alive()) job.hidden = false;
      };
      await run.result();
      assert.deepEqual([azure.jobs.size, azure.callsOf('endJob').length], [2, 1]);
      assert.ok([...azure.jobs.values()].every(({ status }) => status === 'Completed'));
    });

    it('makes its own cluster again where it had to be deleted to free a job’s nodes, before the next job is submitted', async () => {
      const azure = new FakeAzure([runsOn, phase1, phase2]);
      azure.onLook = (look, job) => {
        job.frozen ||= look > 3 && job.name.endsWith('-p1-a001');
        if (job.frozen) azure.squatters.add(job.name);
      };
      const run = await suite.start(azure);
      await run.result();
      const calls = azure.calls.map((call) => call.split(' ')[0] ?? '');
      assert.deepEqual(
        calls.filter((activity) => ['ensureCluster', 'submitJob', 'endJob'].includes(activity)),
        ['ensureCluster', 'submitJob', 'endJob', 'endJob', 'ensureCluster', 'submitJob', 'submitJob'],
      );
    });

    it('still waits for the person behind a continue-as-new', async () => {
      const azure = new FakeAzure([{ ...overQuota, looks: 0 }, phase1, phase2]);
      const run = await suite.start(azure);
      await isAt(run, /^waiting for a person/);
      await suite.env.sleep('30 hours');
      await isAt(run, /^waiting for a person: .*quota limits/);
      assert.ok((await historiesOf(suite.env.client, run.workflowId)).length > 1, 'it continued as new');
      assert.equal(azure.jobs.size, 1);
      const now = suite.env.client.workflow.getHandle(run.workflowId);
      await now.executeUpdate(resumeUpdate, { args: [{}] });
      await run.result();
      assert.equal(azure.jobs.size, 3);
    });
  });
});
