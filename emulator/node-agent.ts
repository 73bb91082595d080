/**
 * The program that is a node: a process group of its own with a disk of its own, started by the emulator and spoken to
 * over the channel between them. When that channel closes, the emulator is gone and the node ends with it.
 */
import { Work } from './agent/work.js';
import { NODE_MARK, type FromNode, type ToNode } from './nodes/messages.js';
import { markedProcesses, send } from './nodes/processes.js';

const mark = process.env[NODE_MARK] ?? '';
let work: Work | undefined;

// A cancel sends SIGTERM to the command, never to the node.
process.on('SIGTERM', () => undefined);
process.on('SIGINT', () => undefined);
process.on('disconnect', endEverything);
process.on('message', (message) => void obey(message as ToNode));

async function obey(message: ToNode): Promise<void> {
  if (message.type === 'prepare') {
    work = new Work(message.spec, mark, tell);
    await work.prepare();
  } else if (message.type === 'run') await work?.run();
  else if (message.type === 'warn') work?.warn();
  else if (message.type === 'store') work?.store(message.id, message.treatment);
  // Stopped before it was told what to do: there is nothing to bring to an end.
  else if (work === undefined) tell({ type: 'flushed', problem: null });
  else await work.stop(message.graceMs);
}

function tell(message: FromNode): void {
  const isLast = message.type === 'flushed';
  process.send?.(message, undefined, undefined, () => {
    if (isLast) process.exit(0);
  });
}

function endEverything(): void {
  for (const pid of markedProcesses(mark)) if (pid !== process.pid) send(pid, 'SIGKILL');
  send(-process.pid, 'SIGKILL');
}
