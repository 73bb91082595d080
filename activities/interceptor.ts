import { setMaxListeners } from 'node:events';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { AzureError, withoutSecrets } from '../azure/errors.js';
import { detailsOf } from './deps.js';

const KEEP_ALIVE_MS = 3_000;

/**
 * Each download leaves its listener at the signal of the try until that is over, and one try may read hundreds of files of metrics; Node.js takes
 * more than ten for a leak and says so in the worker's log. 0 is any number.
 */
const MOST_LISTENERS = 0;

/** Activities that only look, again and again: cut off at any moment, the next look sees the same. */
const LOOKS: ReadonlySet<string> = new Set(['watchJob', 'endJob', 'nodesGone', 'verifyCheckpoints']);

/**
 * Around every activity: a heartbeat every 3 s, so that a worker that died is noticed within the heartbeat timeout whatever the activity does,
 * and errors in a form that Temporal can judge: one sentence, no secret, and no retry where asking again is answered the same.
 * A worker that is told to stop hands its looks over at once and the rest when its time of grace is over, whatever Azure leaves unanswered:
 * both are repeated elsewhere, and say nothing about the job.
 */
export class ActivityInterceptor implements ActivityInboundCallsInterceptor {
  /** @param closing aborted when the worker is told to stop */
  constructor(
    private readonly context: Context,
    private readonly closing?: AbortSignal,
  ) {}

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    setMaxListeners(MOST_LISTENERS, this.context.cancellationSignal);
    const keepAlive = setInterval(() => this.context.heartbeat(detailsOf(this.context)), KEEP_ALIVE_MS);
    const done = new AbortController();
    try {
      return await Promise.race([next(input), this.handedOver(done.signal)]);
    } catch (error) {
      throw asFailure(error, this.context);
    } finally {
      clearInterval(keepAlive);
      done.abort();
    }
  }

  /** Rejects where the worker stops before the activity ends. @param done aborted when it has ended: nothing is listened for any more */
  private handedOver(done: AbortSignal): Promise<never> {
    const { context, closing } = this;
    return new Promise((_, reject) => {
      const stops = () => context.cancellationDetails?.workerShutdown === true;
      context.cancelled.catch((error: Error) => (stops() ? reject(error) : undefined));
      if (closing === undefined || !LOOKS.has(context.info.activityType)) return;
      const handOver = () => reject(workerStops());
      if (closing.aborted) handOver();
      closing.addEventListener('abort', handOver, { once: true, signal: done });
    });
  }
}

function workerStops(): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'WorkerStops',
    message: 'this worker was told to stop; another one looks',
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: '100ms',
  });
}

function asFailure(error: unknown, context: Context): unknown {
  const canceled = context.cancellationSignal.aborted && error instanceof Error && error.name === 'AbortError';
  if (canceled) return new CancelledFailure('canceled');
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof AzureError) {
    return ApplicationFailure.create({
      message: error.message,
      type: `Azure:${error.kind}`,
      nonRetryable: error.kind === 'permanent',
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  const failure = ApplicationFailure.create({
    message: withoutSecrets(message),
    type: error instanceof Error ? error.name : 'Error',
  });
  if (error instanceof Error && error.stack !== undefined) failure.stack = withoutSecrets(error.stack);
  return failure;
}
