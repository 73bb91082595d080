import assert from 'node:assert/strict';
import type { Info } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { ActivityInterceptor } from '../../../activities/interceptor.js';

export interface Ran<T> {
  readonly result: T;
  readonly heartbeats: readonly unknown[];
}

/** Runs an activity as the worker does, its interceptor included. @param info for example when it was scheduled */
export async function run<I, O>(activity: (input: I) => Promise<O>, input: I, info: Partial<Info> = {}): Promise<O> {
  return (await observe(activity, input, info)).result;
}

/** Runs an activity and keeps what it heartbeats; a failure carries them too. */
export async function observe<I, O>(
  activity: (input: I) => Promise<O>,
  input: I,
  info: Partial<Info> = {},
  heartbeats: unknown[] = [],
): Promise<Ran<O>> {
  const environment = environmentOf(info);
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  return { result: await environment.run(activity, input), heartbeats };
}

/** What an activity runs in: the worker's interceptor around it, no log. */
export function environmentOf(info: Partial<Info>): MockActivityEnvironment {
  return new MockActivityEnvironment(info, {
    logger: new DefaultLogger('ERROR', () => undefined),
    interceptors: [(context) => ({ inbound: new ActivityInterceptor(context) })],
  });
}

/** The failure that Temporal would see. Fails where the activity succeeds or throws anything else. */
export async function failure(running: Promise<unknown>): Promise<ApplicationFailure> {
  const outcome = await running.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) assert.fail(`expected a failure, got ${JSON.stringify(outcome.value)}`);
  if (outcome.error instanceof ApplicationFailure) return outcome.error;
  throw outcome.error;
}

/**
 * Runs an activity until it no longer says that it must be asked again. As with Temporal, each try finds what the one before it said last.
 * @throws after `seconds`
 */
export async function runUntilDone<I, O>(activity: (input: I) => Promise<O>, input: I, seconds = 30): Promise<O> {
  const scheduledTimestampMs = Date.now();
  const said: unknown[] = [];
  for (;;) {
    try {
      const info = { scheduledTimestampMs, heartbeatDetails: said.at(-1) };
      return (await observe(activity, input, info, said)).result;
    } catch (error) {
      const again = error instanceof ApplicationFailure && error.nonRetryable !== true;
      if (!again || Date.now() - scheduledTimestampMs > seconds * 1000) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
