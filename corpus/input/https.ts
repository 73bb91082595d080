import { setTimeout } from 'node:timers/promises';
import { CorpusError } from '../error.js';
import type { ByteSource } from './source.js';

export interface HttpOptions {
  /** Sent with every request, an authorization for example. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** How long to wait before a try, in milliseconds, the first repetition being 1; doubles from half a second by default. */
  readonly waitBefore?: (repetition: number) => number;
}

/** Bytes asked for at once: whoever stops reading early has at most this much sent in vain. */
const rangeBytes = 8 << 20;
const mostRepetitions = 5;

/**
 * A file behind HTTP(S) whose server answers byte ranges. What breaks off is asked for again from where it broke.
 * @throws CorpusError when the server knows no ranges, refuses, or the file changes meanwhile (by its ETag or length).
 */
export async function httpFile(url: string, options: HttpOptions = {}): Promise<ByteSource> {
  const name = withoutSecrets(url);
  const head = await withRepetition(options, () => ask(url, name, 'bytes=0-0', options));
  await head.body?.cancel();
  const bytes = totalOf(head, name);
  const etag = head.headers.get('etag');
  return {
    name,
    bytes,
    async *read(from, to) {
      let next = from;
      let repetition = 0;
      while (next < to) {
        try {
          const range = `bytes=${next}-${Math.min(to, next + rangeBytes) - 1}`;
          const answer = await ask(url, name, range, options);
          refuseAnother(answer, name, bytes, etag);
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

async function withRepetition<T>(options: HttpOptions, work: () => Promise<T>): Promise<T> {
  for (let repetition = 1; ; repetition++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof CorpusError || options.signal?.aborted) throw error;
      if (repetition > mostRepetitions) {
        throw new CorpusError(`${withoutSecrets((error as Error).message)}: the file cannot be reached.`, {
          cause: error,
        });
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

function refuseAnother(answer: Response, name: string, bytes: number, etag: string | null): void {
  const isSame = totalOf(answer, name) === bytes && answer.headers.get('etag') === etag;
  if (!isSame) throw new CorpusError(`${name} has changed while it was read; start again.`);
}

/** A query may hold a signature. */
function withoutSecrets(url: string): string {
  return url.replace(/\?\S*/, '');
}
