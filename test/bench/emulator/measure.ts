import { join } from 'node:path';

import { alternately } from '../harness/alternate.js';
import { usageOf, type Usage } from '../harness/process.js';
import { drive } from '../load/drive.js';
import { connect } from './client.js';
import { limited, type Limited } from './limits.js';
import { measureOurs, planFor, type Round } from './ours.js';
import { startPeer } from './peer.js';
import { startProgram } from './program.js';
import { seedJobs } from './seed.js';
import { sizesOf, type Sizes } from './sizes.js';

const LIMITED_SECONDS = 15;

/** How long and how often; seconds are those measured of each side in all rounds together. */
export interface Extent {
  seconds: number;
  rounds: number;
  jobs: number;
  warmup: number;
}

/** All that was measured. */
export interface Measured {
  sizes: Sizes;
  ours: Round[];
  peer: Round[];
  /** The emulator's process after the last round; its peak covers the seeding too. */
  usage: Usage;
  limited: Limited;
}

/** Does the set-up below a folder and measures: ours and the peer in turn, then ours with ARM's limits on. */
export async function measureAll(folder: string, extent: Extent): Promise<Measured> {
  // No job runs, so none needs a storage; the peer has one of its own.
  const places = ['--no-storage', '--state', join(folder, 'state'), '--tls-dir', join(folder, 'tls')];
  const { names, ...measured } = await withoutLimits(folder, [...places, '--no-rate-limits'], extent);
  return { ...measured, limited: await withLimits(places, names) };
}

async function withoutLimits(
  folder: string,
  flags: string[],
  { seconds, rounds, jobs, warmup }: Extent,
): Promise<Omit<Measured, 'limited'> & { names: string[] }> {
  const program = await startProgram(flags);
  const client = await connect(program);
  const ends: (() => Promise<void>)[] = [() => program.stop()];
  try {
    const names = await seedJobs(client, jobs);
    const sizes = await sizesOf(client, names);
    const peer = await startPeer(folder, sizes);
    ends.push(() => peer.stop());
    const target = { program, client, names, warmupSeconds: warmup, seconds: seconds / rounds };
    const measured = await alternately<Round>(rounds, [
      { name: 'ours', measure: () => measureOurs(target) },
      { name: 'peer', measure: () => peer.measure(warmup, seconds / rounds) },
    ]);
    const [ours, others] = [measured.get('ours') ?? [], measured.get('peer') ?? []];
    return { names, sizes, ours, peer: others, usage: usageOf(program.pid) };
  } finally {
    client.close();
    await Promise.all(ends.map((end) => end()));
  }
}

// The same state again: submitting all jobs under the limits would take longer than measuring them.
async function withLimits(flags: string[], names: string[]): Promise<Limited> {
  const program = await startProgram(flags);
  const client = await connect(program);
  try {
    return limited(await drive(planFor({ program, client, names, warmupSeconds: 0, seconds: LIMITED_SECONDS })));
  } finally {
    client.close();
    await program.stop();
  }
}
