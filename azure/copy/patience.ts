import { AzureError, asAzureError } from '../errors.js';
import type { Clock } from './clock.js';
import type { Pacer } from './pacer.js';
import { type Refusal, type RefusalKind, refusalOf } from './refusal.js';
import { type CopySource, SourceChanged } from './source.js';

/** Tries of one request where they are all refused in the same way; then Temporal repeats the copy, which goes on where it was. */
const MOST: Partial<Record<RefusalKind, number>> = { busy: 12, again: 6, 'source-refused': 5 };
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 20_000;

export interface Patience {
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly source: CopySource;
  readonly signal: AbortSignal;
  /** Without an answer for so long a request counts as lost. */
  readonly tryMs: number;
}

/** A request that was answered with a refusal that its caller must judge: damage, clashing blocks, a condition. */
export class Refused extends Error {
  constructor(
    readonly kind: RefusalKind,
    what: string,
    readonly azure: AzureError,
  ) {
    super(`${what}: ${kind}`);
  }
}

/**
 * One request in its turn, repeated with patience: 503 and 429 rest the whole account, no answer is asked for again after a pause with
 * chance in it, and where the source did not let the service in, it is tried with new credentials.
 * @param send is handed the signal of its try
 * @throws SourceChanged, Refused, AzureError; an AbortError where the copy is called off
 */
export async function patiently<T>(
  what: string,
  send: (signal: AbortSignal) => Promise<T>,
  with_: Patience,
): Promise<T> {
  const { pacer, clock, source, signal, tryMs } = with_;
  const counts = new Map<RefusalKind, number>();
  for (;;) {
    let sentAt = clock.now();
    try {
      return await pacer.turn(() => {
        sentAt = clock.now();
        return send(AbortSignal.any([signal, AbortSignal.timeout(tryMs)]));
      }, signal);
    } catch (error) {
      if (error instanceof SourceChanged) throw error;
      const refusal = refusalOf(error, signal.aborted);
      if (refusal === null) throw error;
      if (refusal.kind === 'source-changed') throw new SourceChanged(what);
      const count = (counts.get(refusal.kind) ?? 0) + 1;
      counts.set(refusal.kind, count);
      if (count >= (MOST[refusal.kind] ?? 1)) throw lastWord(what, refusal, error);
      if (refusal.kind === 'source-refused') source.renew();
      if (refusal.kind === 'busy') pacer.rest(sentAt, refusal.retryAfterMs);
      else await clock.wait(pauseMs(count, clock.chance()), signal);
    }
  }
}

function pauseMs(count: number, chance: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (count - 1)) * (0.5 + 0.5 * chance);
}

function lastWord(what: string, { kind }: Refusal, error: unknown): Error {
  if (error instanceof AzureError) return error;
  const timedOut = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
  const azure = timedOut ? new AzureError('transient', `${what} failed: no answer`) : asAzureError(what, error);
  const isForCaller = kind === 'damaged' || kind === 'blocks' || kind === 'conflict';
  return isForCaller ? new Refused(kind, what, azure) : azure;
}
