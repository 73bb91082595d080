import { createServer, type AddressInfo } from 'node:net';

import { measured } from '../loader/python.js';

/** A training job; `batch` is each process's share of a step. */
export interface Job {
  readonly shape: string;
  readonly length: number;
  readonly batch: number;
  readonly micro: number;
  readonly steps: number;
  readonly data: string;
}

/** Sequences a second of a job of so many processes of one thread each. */
export async function measureJob(job: Job, processes: number): Promise<number> {
  const { shape, length, batch, micro, steps, data } = job;
  const args = [shape, ...[length, batch * processes, micro, steps].map(String), data];
  const port = String(await freePort());
  const ranks = Array.from({ length: processes }, (_, rank) => rank);
  const outcomes = await Promise.all(
    ranks.map(async (rank) => {
      const group = { MASTER_ADDR: '127.0.0.1', MASTER_PORT: port, WORLD_SIZE: String(processes), RANK: String(rank) };
      const env = { OMP_NUM_THREADS: '1', ...(processes === 1 ? {} : group) };
      return measured<{ rate: number } | null>(['payload', 'worker.py'], args, env);
    }),
  );
  return outcomes[0]?.rate ?? NaN;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
