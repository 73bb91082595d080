import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BlobContainer } from '../../azure/blob.js';
import type { BerthaClient, RunView } from '../../client.js';
import { installation } from '../../installation.js';
import { readHeartbeat } from '../../activities/trainer.js';
import type { Heartbeat } from '../../domain/trainer.js';
import { tools } from '../../stack/places.js';

/** Polls a run until `until` holds. @throws after `seconds`, with what was last seen */
export async function seen(
  client: BerthaClient,
  run: string,
  until: (view: RunView) => boolean,
  seconds = 120,
): Promise<RunView> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const view = await client.getRun(run);
    if (until(view)) return view;
    if (Date.now() > deadline)
      throw new Error(
        `run ${run} did not get there in ${seconds} s: ${JSON.stringify(view.status?.events.at(-1))} ${JSON.stringify(view.progress)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Looks every 200 ms until something holds. @throws after `seconds` */
export async function until(holds: () => Promise<boolean>, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not come true in ${seconds} s: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Polls the heartbeat of the newest start of the trainer in an attempt. @param attempt `preempted/p1/attempts/a002` @throws after `seconds` */
export async function heartbeatSeen(
  store: BlobContainer,
  attempt: string,
  holds: (heartbeat: Heartbeat) => boolean,
  seconds = 60,
): Promise<Heartbeat> {
  let found: Heartbeat | null = null;
  await until(async () => {
    const incarnation = (await store.folders(`runs/${attempt}`)).sort().at(-1) ?? '';
    found = await readHeartbeat(store, `runs/${attempt}/${incarnation}`);
    return found !== null && holds(found);
  }, seconds);
  return found ?? Promise.reject(new Error('unreachable'));
}

/** What TensorBoard's own reader finds in the published view: run → tag → steps. */
export async function readCurves(store: BlobContainer, run: string): Promise<Record<string, Record<string, number[]>>> {
  const folder = await mkdtemp(join(tmpdir(), 'bertha-curves-'));
  try {
    for (const blob of await store.list(`runs/${run}/tensorboard/`)) {
      const file = join(folder, basename(dirname(blob.path)), basename(blob.path));
      await mkdir(dirname(file), { recursive: true });
      await store.download(blob.path, file);
    }
    const script = join(installation, 'test', 'e2e', 'read-curve.py');
    const { stdout } = await promisify(execFile)(tools().python, [script, folder]);
    return JSON.parse(stdout) as Record<string, Record<string, number[]>>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
