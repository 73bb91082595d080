import { MessageChannel, Worker } from 'node:worker_threads';
import { CorpusError } from '../error.js';
import type { Files } from '../files/files.js';
import { served, serveOverPort } from '../files/over-port.js';
import type { Task } from './tasks.js';

/** What a task in a thread works with: as a workshop, but held by the thread that starts it. */
export interface ThreadShop {
  readonly work: Files;
  readonly out: Files;
  /** An empty folder on this machine for unfinished files; the caller removes it. */
  readonly scratch: string;
  readonly source: ThreadSource;
}

/** The input: a local file, which the thread opens itself, or bytes that the caller reads for it. */
export type ThreadSource =
  | { readonly file: string }
  | { readonly name: string; readonly bytes: number; readonly read: (from: number, to: number) => Promise<Uint8Array> };

export interface TaskProgress {
  readonly pages?: number;
  readonly samples?: number;
}

/** What the thread tells: progress any number of times, then one of the other two. */
export type TaskMessage =
  | { readonly progress: TaskProgress }
  | { readonly groups: number }
  | { readonly failure: { readonly name: string; readonly message: string; readonly stack: string | undefined } };

/**
 * `runTask` in a thread of its own, so that the caller's event loop stays free (a Temporal worker must go on heartbeating). Files are
 * read and written by the caller's side. Same result, same errors; an aborted thread is ended at once, its files are not in place then.
 */
export async function runTaskInThread(
  task: Task,
  shop: ThreadShop,
  onProgress: (progress: TaskProgress) => void,
  signal?: AbortSignal,
): Promise<number> {
  signal?.throwIfAborted();
  const { port1, port2 } = new MessageChannel();
  const failures = new Map<string, Error>();
  const { source, scratch } = shop;
  const reader = 'file' in source ? {} : { 'source.read': source.read };
  serveOverPort(port1, { ...served(shop.work, 'work'), ...served(shop.out, 'out'), ...reader }, (failure) =>
    failures.set(failure.message, failure),
  );
  const worker = new Worker(new URL('./thread.js', import.meta.url), {
    workerData: {
      task,
      scratch,
      port: port2,
      source: 'file' in source ? source : { name: source.name, bytes: source.bytes },
    },
    transferList: [port2],
  });
  try {
    return await outcomeOf(worker, onProgress, failures, signal);
  } finally {
    port1.close();
    await worker.terminate();
  }
}

function outcomeOf(
  worker: Worker,
  onProgress: (progress: TaskProgress) => void,
  failures: ReadonlyMap<string, Error>,
  signal: AbortSignal | undefined,
): Promise<number> {
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    worker.on('message', (message: TaskMessage) => {
      if ('progress' in message) return onProgress(message.progress);
      if ('groups' in message) return resolve(message.groups);
      // Errors lose their class on the way between threads; of those that came from here the original is known.
      reject(failures.get(message.failure.message) ?? rebuilt(message.failure));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`The thread of the task ended with code ${code} and no result.`)));
  });
}

function rebuilt({ name, message, stack }: { name: string; message: string; stack: string | undefined }): Error {
  const isOurs = name === 'CorpusError';
  const error = isOurs ? new CorpusError(message) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
