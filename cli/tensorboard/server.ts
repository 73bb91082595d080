import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { tools } from '../../stack/places.js';
import { Failure } from '../failure.js';

/** How often TensorBoard looks for new files. */
const RELOAD_SECONDS = 5;
const LINES_KEPT = 20;

/** A running TensorBoard. */
export interface TensorBoard {
  readonly url: string;
  /** Resolves when it ended, by itself or by `stop`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts TensorBoard on a folder, in a process group of its own. @param port 0: a free one @throws Failure where it does not come up */
export async function startTensorBoard(folder: string, port: number, signal: AbortSignal): Promise<TensorBoard> {
  const program = join(dirname(tools().python), 'tensorboard');
  const args = [
    '--logdir',
    folder,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--reload_interval',
    String(RELOAD_SECONDS),
    '--load_fast',
    'false',
  ];
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGTERM');
    await ended;
  };
  const onAbort = () => void stop();
  signal.addEventListener('abort', onAbort);
  try {
    return { url: await urlOf(child, program), ended, stop };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** TensorBoard says on standard error where it serves: `TensorBoard 2.21.0 at http://127.0.0.1:6006/ (Press CTRL+C to quit)`. */
function urlOf(child: ChildProcess, program: string): Promise<string> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new Failure('failed', `TensorBoard cannot be started (${program}): ${cause.message}`, { cause })),
    );
    child.once('exit', () =>
      reject(
        new Failure(
          'failed',
          `TensorBoard ended at once: ${said.findLast((line) => line.trim() !== '') ?? 'it said nothing'}`,
        ),
      ),
    );
    if (child.stderr === null) return;
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      said.splice(0, said.length - LINES_KEPT);
      const url = /^TensorBoard \S+ at (\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}
