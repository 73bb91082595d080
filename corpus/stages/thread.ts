import { parentPort } from 'node:worker_threads';
import { askOverPort, filesOverPort } from '../files/over-port.js';
import { progressMeter } from '../progress.js';
import { toldFailure } from '../told-failure.js';
import type { TaskMessage, TaskOrder } from './in-thread.js';
import { openSource, type ReadRange } from './source.js';
import { runTask } from './tasks.js';

// The thread's side of runTaskInThread: does one task after the other, tells how it goes.
const parent = parentPort;
if (parent === null) throw new Error('This file is started as a worker thread by in-thread.ts.');
const tell = (message: TaskMessage): void => parent.postMessage(message);

parent.on('message', (order: TaskOrder) => {
  work(order)
    .then(
      (groups) => tell({ groups }),
      (error: unknown) => tell({ failure: toldFailure(error) }),
    )
    .finally(() => order.port.close());
});

function work({ task, scratch, port, source }: TaskOrder): Promise<number> {
  const ask = askOverPort(port);
  const meter = progressMeter(({ pages, samples }) => tell({ progress: { pages, samples } }), undefined);
  const read: ReadRange = (from, to) => ask('source.read', from, to) as Promise<Uint8Array>;
  return runTask(task, {
    work: filesOverPort(ask, 'work'),
    out: filesOverPort(ask, 'out'),
    scratch,
    open: () => openSource('name' in source ? { ...source, read } : source),
    breathe: () => meter.breathe(),
    tell: (progress) => meter.update(progress),
  });
}
