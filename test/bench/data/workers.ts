import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { stages, tasksIn, type Stage } from '../../../corpus/stages/tasks.js';
import type { Done, Job, Order } from './data-worker.js';

/** Processor seconds of all workers, by what they did, and seconds by the clock. */
export interface Spent {
  readonly cpu: Readonly<Record<'plan' | Stage, number>>;
  readonly wall: number;
}

/** Data workers, each a process of its own. */
export interface Workers {
  readonly pids: readonly number[];
  /** Prepares a dataset in `job.folder`, which is emptied before: each stage's tasks go to whichever worker is free. */
  prepare(job: Job): Promise<Spent>;
}

/** Starts so many workers, and ends them behind `use`. */
export async function withWorkers<T>(count: number, use: (workers: Workers) => Promise<T>): Promise<T> {
  const script = fileURLToPath(new URL('./data-worker.js', import.meta.url));
  const children = Array.from({ length: count }, () => fork(script, { execArgv: [] }));
  try {
    await Promise.all(children.map((child) => once(child, 'spawn')));
    return await use({ pids: children.map(({ pid }) => pid as number), prepare: (job) => prepareBy(children, job) });
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

/** Processor seconds of one preparation. */
export function cpuIn({ cpu }: Spent): number {
  return Object.values(cpu).reduce((sum, each) => sum + each, 0);
}

async function prepareBy(children: readonly ChildProcess[], job: Job): Promise<Spent> {
  rmSync(job.folder, { recursive: true, force: true });
  mkdirSync(job.folder, { recursive: true });
  const start = performance.now();
  const planned = await told(children[0] as ChildProcess, { job, task: 'plan' });
  const cpu: Partial<Record<'plan' | Stage, number>> = { plan: planned.cpu };
  let groups = 0;
  for (const stage of stages) {
    const count = tasksIn(stage, planned, groups);
    let next = 0;
    const lane = async (child: ChildProcess): Promise<void> => {
      while (next < count) {
        const done = await told(child, { job, task: { stage, number: next++ } });
        groups = Math.max(groups, done.groups);
        cpu[stage] = (cpu[stage] ?? 0) + done.cpu;
      }
    };
    await Promise.all(children.map(lane));
  }
  return { cpu: cpu as Spent['cpu'], wall: (performance.now() - start) / 1000 };
}

async function told(child: ChildProcess, order: Order): Promise<Done> {
  child.send(order);
  const over = new AbortController();
  const answer = once(child, 'message', { signal: over.signal });
  const death = once(child, 'exit', { signal: over.signal }).then(() => [{ failure: 'it ended' }]);
  const [done] = (await Promise.race([answer, death])) as [Done | { failure: string }];
  over.abort();
  await Promise.allSettled([answer, death]);
  if ('failure' in done) throw new Error(`A data worker failed at ${JSON.stringify(order.task)}: ${done.failure}`);
  return done;
}
