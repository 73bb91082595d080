import { parentPort, Worker, workerData } from 'node:worker_threads';
import { rebuilt, toldFailure, type ToldFailure } from './told-failure.js';

/** What a thread tells: progress any number of times, then one of the other two. */
type Message = { readonly progress: unknown } | { readonly result: unknown } | { readonly failure: ToldFailure };

/**
 * Runs work in a thread of its own, so that the caller's event loop stays free (a Temporal worker must go on heartbeating).
 * On abort the thread is ended at once, wherever it is: what it has written so far is the caller's to remove.
 * @param script the thread's program, which calls `workAsThread`
 * @throws what the work throws, a CorpusError as such; the signal's reason when aborted
 */
export async function inOwnThread<Result, Progress>(
  script: URL,
  request: unknown,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Result> {
  signal?.throwIfAborted();
  const worker = new Worker(script, { workerData: request });
  const over = new AbortController();
  try {
    return await new Promise<Result>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: over.signal });
      worker.on('message', (message: Message) => {
        if ('progress' in message) return onProgress(message.progress as Progress);
        if ('result' in message) return resolve(message.result as Result);
        reject(rebuilt(message.failure));
      });
      worker.on('error', reject);
      worker.on('exit', (code) =>
        reject(new Error(`The thread of ${script.pathname} ended with code ${code} and no result.`)),
      );
    });
  } finally {
    over.abort();
    await worker.terminate();
  }
}

/** The thread's side: does the work on the request that it was started with, and tells how it goes. */
export async function workAsThread<Request, Result, Progress>(
  work: (request: Request, tell: (progress: Progress) => void) => Promise<Result>,
): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('This file is started as a thread, by inOwnThread.');
  const tell = (message: Message): void => port.postMessage(message);
  try {
    tell({ result: await work(workerData as Request, (progress) => tell({ progress })) });
  } catch (error) {
    tell({ failure: toldFailure(error) });
  }
}
