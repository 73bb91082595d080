import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { historiesOf } from './executions.js';
import { FakeAzure } from './fake/index.js';
import { cancelUpdate } from '../../workflows/messages.js';
import { endsCanceled, failureOf } from './failure.js';
import { journaled, swiftly } from './steering.js';
import { type RunHandle, useServer } from './suite.js';
import { eventually } from './waiting.js';

const alerts = { webhook: { url: 'https://hooks.invalid/bertha', secretEnv: 'BERTHA_WEBHOOK_SECRET' } };
const phase1 = { ending: 'completed', saves: [360] } as const;
const phase2 = { ending: 'completed', saves: [120] } as const;
const done = [phase1, phase2];
const down = () => {
  throw ApplicationFailure.retryable('the webhook at hooks.invalid gave no answer', 'WebhookUnanswered');
};

const texts = (azure: FakeAzure) =>
  azure.received.map(({ type, data }) => `${type} ${data.ending ?? data.outcome ?? ''}`.trim());

describe('workflows: the webhook of a run', function () {
  this.timeout(60_000);
  const suite = useServer();

  async function deliveries(run: RunHandle): Promise<number> {
    const histories = await historiesOf(suite.env.client, run.workflowId);
    const scheduled = histories
      .flatMap(({ events }) => events ?? [])
      .map((one) => one.activityTaskScheduledEventAttributes);
    return scheduled.filter((one) => one?.activityType?.name === 'deliverMessages').length;
  }

  it('hears of every ending, each once, at no more than one activity a message', async () => {
    const azure = new FakeAzure([{ ending: 'preempted', saves: [120], looks: 3 }, ...done]);
    const run = await suite.start(azure, { over: { alerts } });
    await run.result();
    assert.deepEqual(texts(azure), [
      'attempt.ended preempted',
      'attempt.ended completed',
      'attempt.ended completed',
      'run.ended completed',
    ]);
    assert.ok((await deliveries(run)) <= azure.received.length);
    assert.equal(new Set(azure.received.map(({ data }) => data.id)).size, azure.received.length);
  });

  it('that never answers neither fails the run nor holds it up, and the journal says what it missed', async () => {
    const azure = new FakeAzure(done);
    azure.onReceive = down;
    const report = await (await suite.start(azure, { over: { alerts } })).result();
    assert.equal(report.outcome, 'completed');
    const [untold] = journaled(azure, 'untold');
    assert.deepEqual([untold?.count, azure.received.length], [3, 0]);
    const ended = journaled(azure, 'run-ended')[0]?.at ?? NaN;
    assert.ok((untold?.at ?? NaN) - ended <= 600_000 + 5_000, 'ten minutes behind the end at most');
  });

  it('that is gone for good is told once, and said in the journal while the run goes on', async () => {
    const azure = new FakeAzure([{ ending: 'preempted', saves: [120], looks: 3 }, ...done]);
    azure.onReceive = () => {
      throw ApplicationFailure.nonRetryable('the webhook at hooks.invalid says that it is gone', 'WebhookGone');
    };
    await (await suite.start(azure, { over: { alerts } })).result();
    const untold = journaled(azure, 'untold');
    assert.ok(untold.length >= 3 && untold.every(({ reason }) => reason.endsWith('says that it is gone')));
  });

  it('hears that a run failed, and why', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    azure.onLook = (look, job) => void (look % 20 === 0 && azure.save(job, look));
    await failureOf(await suite.start(azure, { over: { alerts, cost: { currency: 'USD', budget: 20 } } }));
    assert.deepEqual(texts(azure), [
      'run.budget',
      'run.budget',
      'run.alert',
      'attempt.ended budget-spent',
      'run.ended failed',
    ]);
    assert.match(azure.received.at(-1)?.data.text ?? '', /budget/);
  });
});

describe('workflows: a webhook that is down for a while', function () {
  this.timeout(30_000);
  // The time-skipping server stands still now and then where activities are between two tries.
  const suite = useServer('dev');

  it('is sent by the next execution what the one before it had to say, with the same id', async () => {
    const azure = new FakeAzure([{ ending: 'preempted', saves: [120], looks: 2 }, { ...phase1, looks: 12 }, phase2]);
    const asked: string[] = [];
    azure.onReceive = ({ data }) => {
      asked.push(data.id);
      if (azure.looks < 10) down();
    };
    const watch = { ...swiftly.watch, segmentHours: 0.6 / 3600 };
    await (await suite.start(azure, { over: { ...swiftly, watch, alerts } })).result();
    const [first] = azure.received;
    assert.equal(first?.data.ending, 'preempted');
    assert.ok(asked.filter((id) => id === first.data.id).length >= 3, asked.join(', '));
    assert.deepEqual(
      texts(azure).filter((one) => one.startsWith('run')),
      ['run.ended completed'],
    );
  });

  it('hears of it as soon as it is there again, in the midst of an execution, and nothing waited for that', async () => {
    const azure = new FakeAzure([{ ending: 'preempted', saves: [120], looks: 2 }, { ending: 'runs-on' }]);
    azure.onReceive = () => (azure.looks < 12 ? down() : undefined);
    const run = await suite.start(azure, { over: { ...swiftly, alerts } });
    await eventually('the message is taken', () => Promise.resolve(azure.received.length > 0), 20);
    assert.ok(azure.looks >= 12, `${azure.looks} looks meanwhile`);
    assert.equal(azure.received[0]?.data.ending, 'preempted');
    await run.executeUpdate(cancelUpdate, { args: [{ by: 'ada' }] });
    await endsCanceled(run);
    assert.equal(azure.received.at(-1)?.data.outcome, 'canceled');
  });
});
