import assert from 'node:assert/strict';
import {
  ActivityCancellationDetails,
  ApplicationFailure,
  ApplicationFailureCategory,
  CancelledFailure,
} from '@temporalio/common';
import type { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { ActivityInterceptor } from '../../activities/interceptor.js';

const unanswered = () => new Promise<void>(() => undefined);
const answered = () => Promise.resolve('seen');

describe('activities: a worker that stops', () => {
  it('ends an activity whose request is never answered when its time of grace is over, as canceled by the worker', async () => {
    const environment = environmentOf('copyData');
    const running = environment.run(unanswered);
    environment.cancel('WORKER_SHUTDOWN', ActivityCancellationDetails.fromProto({ isWorkerShutdown: true }));
    await assert.rejects(running, CancelledFailure);
  });

  it('leaves it to the activity to end where the run was canceled: what it began may have to be finished', async () => {
    const environment = environmentOf('submitJob');
    let answer: (word: string) => void = () => undefined;
    const running = environment.run(() => new Promise<string>((resolve) => (answer = resolve)));
    environment.cancel('CANCELLED', ActivityCancellationDetails.fromProto({ isCancelled: true }));
    await new Promise(setImmediate);
    answer('submitted');
    assert.equal(await running, 'submitted');
  });

  for (const look of ['watchJob', 'endJob', 'nodesGone', 'verifyCheckpoints'])
    it(`hands a look (${look}) over at once, to be repeated a moment later: BENIGN, so that nobody is alarmed`, async () => {
      const closing = new AbortController();
      const running = environmentOf(look, closing.signal).run(unanswered);
      closing.abort();
      const failure = await running.catch((error: unknown) => error);
      assert.ok(failure instanceof ApplicationFailure);
      const { type, category, nonRetryable, nextRetryDelay } = failure;
      assert.deepEqual(
        { type, category, nonRetryable, nextRetryDelay },
        {
          type: 'WorkerStops',
          category: ApplicationFailureCategory.BENIGN,
          nonRetryable: false,
          nextRetryDelay: '100ms',
        },
      );
    });

  it('lets everything that is no look go on within its time of grace', async () => {
    assert.equal(await environmentOf('submitJob', AbortSignal.abort()).run(answered), 'seen');
  });
});

function environmentOf(activityType: string, closing?: AbortSignal): MockActivityEnvironment {
  return new MockActivityEnvironment(
    { activityType },
    {
      logger: new DefaultLogger('ERROR', () => undefined),
      interceptors: [(context: Context) => ({ inbound: new ActivityInterceptor(context, closing) })],
    },
  );
}
