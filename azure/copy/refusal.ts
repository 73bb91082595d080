import { isRestError } from '@azure/core-rest-pipeline';
import { AzureError } from '../errors.js';

/** What a request of a copy came to where it failed, and what may be done about it. */
export type RefusalKind =
  /** The service wants rest: all requests wait. */
  | 'busy'
  /** No answer, or one that says nothing: the same again. */
  | 'again'
  /** The source is no longer the version that is copied, or gone. */
  | 'source-changed'
  /** The service was not let in at the source: with new credentials once more. A known flake, too. */
  | 'source-refused'
  /** The bytes have not the hash that they should. */
  | 'damaged'
  /** The blocks of a blob do not go together: ids of another length, or blocks that are gone. */
  | 'blocks'
  /** A condition on the destination did not hold. */
  | 'conflict'
  | 'final';

export interface Refusal {
  readonly kind: RefusalKind;
  /** Retry-After; null where there is none. */
  readonly retryAfterMs: number | null;
}

/** Reads what a client of Blob storage threw. Null where the call was aborted. */
export function refusalOf(error: unknown, aborted: boolean): Refusal | null {
  if (aborted) return null;
  if (error instanceof AzureError) return { kind: error.kind === 'transient' ? 'again' : 'final', retryAfterMs: null };
  if (!isRestError(error)) {
    // What is neither an answer nor a failure to get one (a bug, a refused sign-in) is not asked again.
    const noAnswer = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
    return { kind: noAnswer ? 'again' : 'final', retryAfterMs: null };
  }
  const header = (name: string) => error.response?.headers.get(name);
  const atSource = Number(header('x-ms-copy-source-status-code') ?? NaN);
  const code = error.code ?? header('x-ms-error-code');
  return { kind: kindOf(error.statusCode, code, atSource), retryAfterMs: retryAfter(header('retry-after')) };
}

const BUSY = new Set([429, 503]);
const NO_ANSWER = new Set([408, 500, 502, 504]);

function kindOf(status: number | undefined, code: string | undefined, atSource: number): RefusalKind {
  if (status === undefined) return 'again';
  if (BUSY.has(status) || BUSY.has(atSource)) return 'busy';
  if (code === 'SourceConditionNotMet' || atSource === 412 || atSource === 304) return 'source-changed';
  if (code === 'CannotVerifyCopySource') return ofUnverified(status, atSource);
  if (NO_ANSWER.has(status) || NO_ANSWER.has(atSource)) return 'again';
  if (atSource === 401 || atSource === 403) return 'source-refused';
  if (code === 'Md5Mismatch' || code === 'Crc64Mismatch') return 'damaged';
  if (code === 'InvalidBlobOrBlock' || code === 'InvalidBlockList' || code === 'InvalidBlockId') return 'blocks';
  if (status === 409 || status === 412) return 'conflict';
  return status > 500 ? 'again' : 'final';
}

function ofUnverified(status: number, atSource: number): RefusalKind {
  const said = Number.isNaN(atSource) ? status : atSource;
  if (said === 404) return 'source-changed';
  return said >= 500 || said === 408 ? 'again' : 'source-refused';
}

function retryAfter(value: string | undefined): number | null {
  const seconds = Number(value ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
