import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Side, alternately } from '../harness/alternate.js';
import { startNothing } from './nothing.js';
import type { Order } from './ours.js';
import { type Peer, type Peers, findPeers } from './peers.js';
import { ACCOUNT, KEY, SOURCE, type Stage, startStage } from './stage.js';
import { type Took, timed } from './timed.js';

export interface Extent {
  readonly files: number;
  readonly mib: number;
  readonly rounds: number;
}

export interface Measured {
  readonly peers: Peers;
  readonly bytes: number;
  /** By side: `ours`, `ours, unknown`, `azcopy`, `rclone`. */
  readonly sides: ReadonlyMap<string, readonly Took[]>;
  /** Ours against a server that does nothing: blocks that the service would fetch, and blocks that go through us. */
  readonly ceiling: Readonly<Record<'pulled' | 'carried', readonly (Took & { readonly requests: number })[]>>;
}

/** Measures everything in turn. @param folder for Azurite's files, deleted by who made it */
export async function measureAll(folder: string, extent: Extent): Promise<Measured> {
  const peers = findPeers();
  const stage = await startStage(folder, extent.files, extent.mib);
  try {
    const side = (name: string, copy: (to: string, round: number) => Promise<Took>): Side<Took> => ({
      name,
      measure: async (round) => {
        const to = `to-${name.replace(/\W+/g, '-')}-${round}`;
        await stage.makeContainer(to);
        const took = await copy(to, round);
        await stage.checkAndDrop(to);
        return took;
      },
    });
    const ours = (isKnown: boolean) => (to: string) =>
      runOurs(folder, { from: stage.signed(SOURCE), to: stage.signed(to), files: stage.files, isKnown });
    const { azcopy, rclone } = peers;
    const sides = await alternately(extent.rounds, [
      side('ours', ours(true)),
      ...(azcopy === null ? [] : [side('azcopy', (to) => runAzcopy(azcopy, stage, to, folder))]),
      side('ours, unknown', ours(false)),
      ...(rclone === null ? [] : [side('rclone', (to) => runRclone(rclone, stage, to))]),
    ]);
    return { peers, bytes: stage.bytes, sides, ceiling: await measureCeiling(folder, stage, extent) };
  } finally {
    await stage.stop();
  }
}

function runOurs(folder: string, order: Order): Promise<Took> {
  const file = join(folder, 'order.json');
  writeFileSync(file, JSON.stringify(order));
  return timed(process.execPath, [fileURLToPath(new URL('./ours.js', import.meta.url)), file]);
}

function runAzcopy({ program, env }: Peer, stage: Stage, to: string, folder: string): Promise<Took> {
  const from = stage.signed(SOURCE).replace('?', '/*?');
  const places = { AZCOPY_LOG_LOCATION: join(folder, 'azcopy'), AZCOPY_JOB_PLAN_LOCATION: join(folder, 'azcopy') };
  const args = ['copy', from, stage.signed(to), '--from-to', 'BlobBlob', '--log-level', 'NONE', '--skip-version-check'];
  return timed(program, args, { ...env, ...places });
}

/** Without its server-side copy, which on one account is Copy Blob and moves no byte on Azurite: down and up, through the client. */
function runRclone({ program, env }: Peer, stage: Stage, to: string): Promise<Took> {
  const remote = {
    ...{ RCLONE_CONFIG_AZ_TYPE: 'azureblob', RCLONE_CONFIG_AZ_ACCOUNT: ACCOUNT, RCLONE_CONFIG_AZ_KEY: KEY },
    ...{ RCLONE_CONFIG_AZ_USE_EMULATOR: 'true', RCLONE_CONFIG_AZ_ENDPOINT: stage.endpoint },
    RCLONE_CONFIG: '/dev/null',
  };
  return timed(program, ['copy', `az:${SOURCE}`, `az:${to}`, '--disable', 'copy'], { ...env, ...remote });
}

async function measureCeiling(folder: string, stage: Stage, { mib, rounds }: Extent): Promise<Measured['ceiling']> {
  const server = await startNothing(mib * 2 ** 20);
  try {
    const { url } = server;
    const run = async (from: string): Promise<Took & { requests: number }> => {
      server.requests();
      const took = await runOurs(folder, { from, to: `${url}/target?sas`, files: stage.files, isKnown: true });
      return { ...took, requests: server.requests() };
    };
    const sides = await alternately(rounds, [
      { name: 'pulled', measure: () => run(`${url}/source?sas`) },
      { name: 'carried', measure: () => run(stage.local) },
    ]);
    return { pulled: sides.get('pulled') ?? [], carried: sides.get('carried') ?? [] };
  } finally {
    server.stop();
  }
}
