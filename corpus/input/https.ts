import { setTimeout } from 'node:timers/promises';
import { CorpusError } from '../error.js';
import type { ByteSource } from './source.js';

export interface HttpOptions {
  /** Sent with every request, an authorization for example. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** The version that it is to have, as an earlier look said. */
  readonly version?: string;
  /** How long to wait before a try, in milliseconds, the first repetition being 1; doubles from half a second by default. */
  readonly waitBefore?: (repetition: number) => number;
}

/** Bytes asked for at once: whoever stops reading early has at most this much sent in vain. */
const rangeBytes = 8 << 20;
const mostRepetitions = 5;

export interface HttpFile extends ByteSource {
  /** The server's word for this version of the file, ETag or else Last-Modified; null where it has none. */
  readonly version: string | null;
}

/**
 * A file behind HTTP(S) whose server answers byte ranges. What breaks off is asked for again from where it broke.
 * @throws CorpusError when the server knows no ranges, refuses, or the file changes meanwhile (by version or length); Error when it cannot be reached.
 */
export async function httpFile(url: string, options: HttpOptions = {}): Promise<HttpFile> {
  const name = withoutSecrets(url);
  const head = await withRepetition(name, options, () => ask(url, name, 'bytes=0-0', options));
  await head.body?.cancel();
  const bytes = totalOf(head, name);
  const version = versionOf(head);
  if (options.version !== undefined && options.version !== version) throw changed(name);
  return {
    name,
    bytes,
    version,
    async *read(from, to) {
      let next = from;
      let repetition = 0;
      while (next < to) {
        try {
          const range = `bytes=${next}-${Math.min(to, next + rangeBytes) - 1}`;
          const answer = await ask(url, name, range, options);
          if (totalOf(answer, name) !== bytes || versionOf(answer) !== version) throw changed(name);
          const before = next;
          for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
            next += chunk.length;
            repetition = 0;
            yield chunk;
          }
          if (next === before) throw new Error(`${name} sent nothing for ${range}`);
        } catch (error) {
          if (error instanceof CorpusError || ++repetition > mostRepetitions) throw error;
          await pause(options, repetition);
        }
      }
    },
  };
}

/** An answer worth a second try is an Error, any other a CorpusError. */
async function ask(url: string, name: string, range: string, { headers, signal }: HttpOptions): Promise<Response> {
  signal?.throwIfAborted();
  const answer = await fetch(url, {
    headers: { ...headers, range, 'accept-encoding': 'identity' },
    ...(signal && { signal }),
  });
  if (answer.status === 206) return answer;
  await answer.body?.cancel();
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
    throw new Error(`${name} answered ${answer.status}`);
  }
  const advice =
    answer.status === 200
      ? 'knows no byte ranges; download the file and name its path'
      : `was refused with status ${answer.status}; check address and access`;
  throw new CorpusError(`${name} ${advice}.`);
}

async function withRepetition<T>(name: string, options: HttpOptions, work: () => Promise<T>): Promise<T> {
  for (let repetition = 1; ; repetition++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof CorpusError || options.signal?.aborted) throw error;
      if (repetition > mostRepetitions) {
        throw new Error(`${reasonOf(error, name)}: the file cannot be reached.`, { cause: error });
      }
      await pause(options, repetition);
    }
  }
}

async function pause({ waitBefore, signal }: HttpOptions, repetition: number): Promise<void> {
  const wait = waitBefore?.(repetition) ?? 500 * 2 ** (repetition - 1);
  await setTimeout(wait, undefined, signal && { signal });
}

function totalOf(answer: Response, name: string): number {
  const total = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1];
  if (total !== undefined) return Number(total);
  throw new CorpusError(`${name} does not say how long it is; download the file and name its path.`);
}

function versionOf({ headers }: Response): string | null {
  return headers.get('etag') ?? headers.get('last-modified');
}

function changed(name: string): CorpusError {
  return new CorpusError(`${name} has changed while it was read; start again.`);
}

/** What `fetch` says of a connection that fails is in the cause. */
function reasonOf(error: unknown, name: string): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const words = cause === undefined ? message : `${name} does not answer (${cause.code ?? cause.message ?? message})`;
  return withoutSecrets(words);
}

/** A query may hold a signature. */
function withoutSecrets(url: string): string {
  return url.replace(/\?\S*/, '');
}
