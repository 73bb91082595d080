import { randomUUID } from 'node:crypto';
import {
  type Client,
  type WorkflowHandle,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
} from '@temporalio/client';

/** A question is worth less waiting than a command. */
const QUERY_PATIENCE_MS = 5_000;

/** A worker that lives answers within a second; one that died a minute ago still counts as one that polls. */
const PATIENCE_MS = 10_000;

/** Who asks, and the id by which a repeated command is known. */
export interface Asked {
  readonly by?: string;
  readonly id?: string;
}

export interface Ask {
  /** Of the update, `workflows/messages.ts`. */
  readonly name: string;
  readonly wish: object;
  readonly id?: string;
  readonly patienceMs?: number;
}

/** A command that the run refused, in the run's own words. */
export class RefusedError extends Error {}

/** No worker answered in time. Whether the command was taken is not known; to say it again is harmless. */
export class UnansweredError extends Error {}

/**
 * Sends an update, which a worker must answer. The id is made once: what is sent again after a lost answer is carried out once.
 * @returns what changes, in words
 * @throws RefusedError, UnansweredError, WorkflowNotFoundError
 */
export async function askRun(
  client: Client,
  handle: WorkflowHandle,
  { name, wish, id = randomUUID(), patienceMs = PATIENCE_MS }: Ask,
): Promise<string> {
  const deadline = Date.now() + patienceMs;
  const ask = () =>
    client.withDeadline(deadline, () => handle.executeUpdate<string, [object]>(name, { args: [wish], updateId: id }));
  try {
    return await ask().catch((error: unknown) => {
      // Between two executions of a run that continues as new there is a moment in which none takes anything.
      if (error instanceof WorkflowNotFoundError) return ask();
      throw error;
    });
  } catch (cause) {
    if (cause instanceof WorkflowUpdateFailedError)
      throw new RefusedError(cause.cause?.message ?? cause.message, { cause });
    if (isUnanswered(cause)) throw new UnansweredError(`no worker answered within ${patienceMs / 1000} s`, { cause });
    throw cause;
  }
}

/** Asks a run something that changes nothing. @returns null where no worker answers in time */
export async function queryRun<T>(
  client: Client,
  handle: WorkflowHandle,
  name: string,
  patienceMs = QUERY_PATIENCE_MS,
): Promise<T | null> {
  try {
    return await client.withDeadline(Date.now() + patienceMs, () => handle.query<T>(name));
  } catch (error) {
    if (isUnanswered(error)) return null;
    throw error;
  }
}

const isUnanswered = (error: unknown) =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error) || hasNoPoller(error);

/** How the server answers a query at once where it has seen no worker for a while (FAILED_PRECONDITION). */
const hasNoPoller = (error: unknown) =>
  error instanceof Error && isGrpcServiceError(error.cause) && Number(error.cause.code) === 9;
