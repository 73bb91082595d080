import { Worker } from 'node:worker_threads';
import { CorpusError } from './error.js';
import type { DatasetManifest } from './manifest.js';
import type { PrepareRequest } from './prepare.js';
import type { OnProgress, PrepareProgress } from './progress.js';

/** What the thread tells: progress any number of times, then one of the other two. */
export type ThreadMessage =
  | { readonly progress: PrepareProgress }
  | { readonly manifest: DatasetManifest }
  | {
      readonly failure: {
        readonly message: string;
        readonly stack: string | undefined;
        readonly isCorpusError: boolean;
      };
    };

/**
 * `prepareDataset` in a thread of its own, so that the caller's event loop stays free (a Temporal worker must go on
 * heartbeating). Same arguments, same result, same errors. On abort the thread cleans up behind itself before it ends.
 */
export async function prepareDatasetInThread(
  request: PrepareRequest,
  onProgress: OnProgress = () => undefined,
  signal?: AbortSignal,
): Promise<DatasetManifest> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: request });
  const abort = (): void => worker.postMessage('abort');
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await outcomeOf(worker, onProgress, signal);
  } finally {
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

function outcomeOf(worker: Worker, onProgress: OnProgress, signal: AbortSignal | undefined): Promise<DatasetManifest> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: ThreadMessage) => {
      if ('progress' in message) return onProgress(message.progress);
      if ('manifest' in message) return resolve(message.manifest);
      if (signal?.aborted) return reject(signal.reason as Error);
      reject(rebuild(message.failure));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`The preparation thread ended with code ${code} and no result.`)));
  });
}

/** Errors lose their class on the way between threads. */
function rebuild({
  message,
  stack,
  isCorpusError,
}: {
  message: string;
  stack: string | undefined;
  isCorpusError: boolean;
}): Error {
  const error = isCorpusError ? new CorpusError(message) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
