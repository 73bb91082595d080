import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { AzureError, withoutSecrets } from '../azure/errors.js';
import { detailsOf } from './deps.js';

const KEEP_ALIVE_MS = 3_000;

/**
 * Around every activity: a heartbeat every 3 s, so that a worker that died is noticed within the heartbeat timeout whatever the activity does,
 * and errors in a form that Temporal can judge: one sentence, no secret, and no retry where asking again is answered the same.
 */
export class ActivityInterceptor implements ActivityInboundCallsInterceptor {
  constructor(private readonly context: Context) {}

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const keepAlive = setInterval(() => this.context.heartbeat(detailsOf(this.context)), KEEP_ALIVE_MS);
    try {
      return await next(input);
    } catch (error) {
      throw asFailure(error, this.context);
    } finally {
      clearInterval(keepAlive);
    }
  }
}

function asFailure(error: unknown, context: Context): unknown {
  const canceled = context.cancellationSignal.aborted && error instanceof Error && error.name === 'AbortError';
  if (canceled) return new CancelledFailure('canceled');
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof AzureError) {
    return ApplicationFailure.create({ message: error.message, type: `Azure:${error.kind}`, nonRetryable: error.kind === 'permanent' });
  }
  const message = error instanceof Error ? error.message : String(error);
  const failure = ApplicationFailure.create({ message: withoutSecrets(message), type: error instanceof Error ? error.name : 'Error' });
  if (error instanceof Error && error.stack !== undefined) failure.stack = withoutSecrets(error.stack);
  return failure;
}
