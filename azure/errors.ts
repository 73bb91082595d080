import { type RestError, isRestError } from '@azure/core-rest-pipeline';

export type AzureErrorKind =
  /** Worth a retry: throttling, 5xx, network. Says nothing about the state of the thing asked for. */
  | 'transient'
  | 'not-found'
  /** A condition of the request did not hold, or the name is taken. */
  | 'conflict'
  | 'unauthorized'
  /** Asking again will be answered the same. */
  | 'permanent';

/** A failed call to Azure in our words: one sentence, never a token, key or SAS. Whether a retry may help is decided here. */
export class AzureError extends Error {
  constructor(
    readonly kind: AzureErrorKind,
    message: string,
    options?: { cause?: unknown },
    /** True for HTTP 429: we ask too often. */
    readonly throttled = false,
  ) {
    super(withoutSecrets(message), options);
    this.name = 'AzureError';
  }
}

/** Runs one call and turns whatever it throws into an `AzureError` that says what was tried. */
export async function calling<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asAzureError(what, error);
  }
}

/** `null` where the thing does not exist; every other failure is thrown. */
export async function orNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AzureError && error.kind === 'not-found') return null;
    throw error;
  }
}

/** A sign-in that never reached the authority: the credential classes throw it as they throw a refusal. */
const UNREACHABLE = /endpoints_resolution_error|network_error|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT/;

/** Reads whatever a vendor's client threw. @param what what was tried, in words */
export function asAzureError(what: string, error: unknown): AzureError {
  if (error instanceof AzureError) return error;
  const aborted = error instanceof Error && error.name === 'AbortError';
  if (aborted) throw error;
  if (isRestError(error)) return fromStatus(what, error.statusCode, restReason(error), error);
  const reason = error instanceof Error ? error.message : String(error);
  const signInFailed = error instanceof Error && /Authentication|Credential/.test(error.name);
  const refused = signInFailed && !UNREACHABLE.test(reason);
  return new AzureError(refused ? 'unauthorized' : 'transient', `${what} failed: ${reason}`, {
    cause: scrubbed(error),
  });
}

/** Reads the status of a raw answer. @param body answer body, quoted shortened. */
export function fromStatus(what: string, status: number | undefined, reason: string, cause?: unknown): AzureError {
  const kind = kindOf(status);
  const code = status === undefined ? '' : ` (HTTP ${status})`;
  return new AzureError(
    kind,
    `${what} failed${code}: ${inOneLine(reason)}`,
    { cause: scrubbed(cause) },
    status === 429,
  );
}

/** Gateways answer with a page of HTML. */
const inOneLine = (text: string) =>
  text
    .replace(/<title>.*?<\/title>|<[^>]*>/gis, ' ')
    .replace(/\s+/g, ' ')
    .trim();

function kindOf(status: number | undefined): AzureErrorKind {
  if (status === undefined || status === 408 || status === 429 || status >= 500) return 'transient';
  if (status === 404) return 'not-found';
  if (status === 409 || status === 412) return 'conflict';
  if (status === 401 || status === 403) return 'unauthorized';
  return 'permanent';
}

function restReason(error: RestError): string {
  const code = error.code === undefined ? '' : `${error.code}: `;
  const first = error.message.split('\n')[0] ?? '';
  return `${code}${first === '' ? 'no reason given' : first}`;
}

/** SAS signatures, tokens and account keys must never reach a history, log or report. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/([?&](?:sig|se|sp|sv|skoid|sktid)=)[^&\s"']+/gi, '$1REDACTED')
    .replace(/Bearer\s+[A-Za-z0-9._-]+/g, 'Bearer REDACTED')
    .replace(/eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?/g, 'REDACTED')
    .replace(/[A-Za-z0-9+/]{86}==/g, 'REDACTED')
    .slice(0, 600);
}

/** Causes carry requests with headers in them; only name and message go on. */
function scrubbed(cause: unknown): Error | undefined {
  return cause instanceof Error
    ? new Error(withoutSecrets(`${cause.name}: ${cause.message.split('\n')[0] ?? ''}`))
    : undefined;
}
