import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { askOverPort, filesOverPort } from '../files/over-port.js';
import { progressMeter } from '../progress.js';
import type { TaskMessage } from './in-thread.js';
import { localSource, type ByteSource } from './pieces.js';
import { runTask, type Task } from './tasks.js';

// The thread's side of runTaskInThread: does the task, tells how it goes.
interface ThreadData {
  readonly task: Task;
  readonly scratch: string;
  readonly port: MessagePort;
  readonly source: { readonly file: string } | { readonly name: string; readonly bytes: number };
}

const parent = parentPort;
if (parent === null) throw new Error('This file is started as a worker thread by in-thread.ts.');
const tell = (message: TaskMessage): void => parent.postMessage(message);
const { task, scratch, port, source } = workerData as ThreadData;
const ask = askOverPort(port);
const meter = progressMeter(({ pages, samples }) => tell({ progress: { pages, samples } }), undefined);
const blockBytes = 1 << 22;

async function* readAsked(from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += blockBytes) {
    yield (await ask('source.read', at, Math.min(to, at + blockBytes))) as Uint8Array;
  }
}

async function open(): Promise<ByteSource> {
  return 'file' in source ? localSource(source.file) : { ...source, read: readAsked };
}

try {
  const groups = await runTask(task, {
    work: filesOverPort(ask, 'work'),
    out: filesOverPort(ask, 'out'),
    scratch,
    open,
    breathe: () => meter.breathe(),
    tell: (progress) => meter.update(progress),
  });
  tell({ groups });
} catch (error) {
  const { name, message, stack } = error as Error;
  tell({ failure: { name, message, stack } });
}
