import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Files } from '../files/files.js';
import { served, serveOverPort } from '../files/over-port.js';
import { rebuilt, type ToldFailure } from '../told-failure.js';
import type { SourceOfTask } from './source.js';
import type { Task } from './tasks.js';

/** What a task in a thread works with: as a workshop, but held by the thread that starts it. */
export interface ThreadShop {
  readonly work: Files;
  readonly out: Files;
  /** An empty folder on this machine for unfinished files; the caller removes it. */
  readonly scratch: string;
  readonly source: SourceOfTask;
}

export interface TaskProgress {
  readonly pages?: number;
  readonly samples?: number;
}

/** What the thread is told to do. */
export interface TaskOrder {
  readonly task: Task;
  readonly scratch: string;
  /** Answers for files and input. */
  readonly port: MessagePort;
  readonly source: Exclude<SourceOfTask, { readonly name: string }> | { readonly name: string; readonly bytes: number };
}

/** What the thread tells: progress any number of times, then one of the other two. */
export type TaskMessage =
  { readonly progress: TaskProgress } | { readonly groups: number } | { readonly failure: ToldFailure };

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
  const reader = 'read' in source ? { 'source.read': source.read } : {};
  serveOverPort(port1, { ...served(shop.work, 'work'), ...served(shop.out, 'out'), ...reader }, (failure) =>
    failures.set(failure.message, failure),
  );
  const worker = idle.pop() ?? new Worker(new URL('./thread.js', import.meta.url));
  worker.ref();
  try {
    const shown = 'read' in source ? { name: source.name, bytes: source.bytes } : source;
    worker.postMessage({ task, scratch, port: port2, source: shown } satisfies TaskOrder, [port2]);
    const groups = await outcomeOf(worker, onProgress, failures, signal);
    rest(worker);
    return groups;
  } catch (error) {
    await worker.terminate();
    throw error;
  } finally {
    port1.close();
  }
}

/** Threads that have done their task and wait for another: one that is warm is faster, and starting one takes a third of a second. */
const idle: Worker[] = [];
const mostIdle = 4;

function rest(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
  // Nobody's process stays alive for a thread that has nothing to do.
  worker.unref();
  if (idle.length < mostIdle) idle.push(worker);
  else void worker.terminate();
}

function outcomeOf(
  worker: Worker,
  onProgress: (progress: TaskProgress) => void,
  failures: ReadonlyMap<string, Error>,
  signal: AbortSignal | undefined,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    worker.on('message', (message: TaskMessage) => {
      if ('progress' in message) return onProgress(message.progress);
      signal?.removeEventListener('abort', abort);
      if ('groups' in message) return resolve(message.groups);
      // Errors lose their class on the way between threads; of those that came from here the original is known.
      reject(failures.get(message.failure.message) ?? rebuilt(message.failure));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`The thread of the task ended with code ${code} and no result.`)));
  });
}
