import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadMessage } from './in-thread.js';
import { CorpusError, prepareDataset, type PrepareRequest } from './prepare.js';

// The thread's side of prepareDatasetInThread: does the work, tells how it goes, aborts when told to.
const port = parentPort;
if (port === null) throw new Error('This file is started as a worker thread by in-thread.ts.');
const tell = (message: ThreadMessage): void => port.postMessage(message);
const controller = new AbortController();
port.on('message', () => controller.abort());
try {
  const manifest = await prepareDataset(
    workerData as PrepareRequest,
    (progress) => tell({ progress }),
    controller.signal,
  );
  tell({ manifest });
} catch (error) {
  const { message, stack } = error as Error;
  tell({ failure: { message, stack, isCorpusError: error instanceof CorpusError } });
}
