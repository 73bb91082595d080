import { argv } from 'node:process';
import type { Files } from '../../../corpus/files/files.js';
import { runTask } from '../../../corpus/stages/tasks.js';
import { runStages, share, workshop } from './workers.js';

/**
 * A worker of its own process that does all of a preparation, unless `kill -9` comes before a call to the storage:
 * `mortal.js FOLDER DUMP OPTIONS STAGE CALL` dies at that call within that stage; a call below 0 is none.
 */
const [, , folder = '', dump = '', options = '{}', stage = '', call = '-1'] = argv;
const now = { stage: '', calls: 0 };

function mortal(files: Files): Files {
  const at = <T>(work: () => Promise<T>): Promise<T> => {
    if (now.stage === stage && now.calls++ === Number(call)) process.kill(process.pid, 'SIGKILL');
    return work();
  };
  return {
    read: (path, from, to) => at(() => files.read(path, from, to)),
    write: (path, content) => at(() => files.write(path, content)),
    put: (path, file) => at(() => files.put(path, file)),
    remove: (path) => at(() => files.remove(path)),
  };
}

const shared = await share(folder, dump, JSON.parse(options) as object);
const shop = await workshop(shared, { work: mortal(shared.work), out: mortal(shared.out) });
await runStages(shared.plan, [
  (task) => {
    if (task.stage !== now.stage) Object.assign(now, { stage: task.stage, calls: 0 });
    return runTask(task, shop);
  },
]);
