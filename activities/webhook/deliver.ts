import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { withoutSecrets } from '../../azure/errors.js';
import type { RunConfig } from '../../domain/config.js';
import type { WebhookMessage } from '../../domain/webhook/message.js';
import { type Deps, type Place, report } from '../deps.js';
import { keyOf, signedHeaders } from './signature.js';

export type Webhook = NonNullable<NonNullable<RunConfig['alerts']>['webhook']>;

export interface Delivery {
  readonly place: Place;
  readonly webhook: Webhook;
  readonly messages: readonly WebhookMessage[];
}

/** A receiver that takes longer is taken for one that does not answer. */
const PATIENCE_MS = 10_000;

export const webhookActivities = (deps: Pick<Deps, 'now'>) => ({
  /**
   * Posts messages to the run's webhook, each until it is answered with 2xx, in their order as far as the receiver takes them. What was taken is
   * not posted again by a repeated try; where that is not known it is, with the same id.
   * @throws a failure that is worth a retry where any was not taken, a final one where the receiver says that it is gone (410)
   */
  async deliverMessages({ webhook, messages }: Delivery): Promise<void> {
    const key = keyOf(webhook.secretEnv, process.env[webhook.secretEnv]);
    if (typeof key === 'string') throw ApplicationFailure.retryable(key, 'WebhookSecretMissing');
    const taken = new Set((activityInfo().heartbeatDetails as readonly string[] | undefined) ?? []);
    const refused: string[] = [];
    for (const message of messages) {
      const { id } = message.data;
      if (taken.has(id)) continue;
      const status = await post(webhook.url, id, message, key, deps.now());
      if (status === GONE)
        throw ApplicationFailure.nonRetryable(`${where(webhook)} says that it is gone`, 'WebhookGone');
      if (status >= 200 && status < 300) {
        report([...taken.add(id)]);
        continue;
      }
      refused.push(`HTTP ${status}`);
    }
    if (refused.length > 0)
      throw ApplicationFailure.retryable(
        `${where(webhook)} answered ${[...new Set(refused)].join(', ')}`,
        'WebhookRefuses',
      );
  },
});

const GONE = 410;

/** @returns the HTTP status @throws where there is no answer: then the other messages get none either */
async function post(url: string, id: string, message: WebhookMessage, key: Buffer, now: number): Promise<number> {
  const body = JSON.stringify(message);
  const headers = signedHeaders(id, Math.floor(now / 1000), body, key);
  try {
    const answer = await fetch(url, {
      ...{ method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } },
      // A redirection would carry the message to a place that nobody named.
      redirect: 'manual',
      signal: AbortSignal.any([cancellationSignal(), AbortSignal.timeout(PATIENCE_MS)]),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch (error) {
    if (cancellationSignal().aborted) throw error;
    const { cause, message: what } = error as Error;
    const why = cause instanceof Error ? cause.message : what;
    throw ApplicationFailure.retryable(`${where({ url })} gave no answer: ${withoutSecrets(why)}`, 'WebhookUnanswered');
  }
}

const where = ({ url }: Pick<Webhook, 'url'>) => `the webhook at ${new URL(url).host}`;

/** What can be known to be wrong with a webhook before the run begins. */
export function webhookProblems({ alerts }: RunConfig): string[] {
  const secretEnv = alerts?.webhook?.secretEnv;
  const key = secretEnv === undefined ? null : keyOf(secretEnv, process.env[secretEnv]);
  return typeof key === 'string' ? [key] : [];
}
