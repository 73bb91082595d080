import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { measureAll } from './copy/measure.js';
import { reportOf } from './copy/report.js';
import { flags } from './harness/flags.js';
import { present } from './harness/report.js';

/** For the list of benches. */
export const about =
  'server-side copy of shards by blocks on one Azurite: ours, azcopy and rclone in turn, and ours on a server that does nothing';

/** `npm run bench -- copy [--json] [--files N] [--mib N] [--rounds N]`. @returns exit code: 1 where a bar is missed */
export async function main(args: string[]): Promise<number> {
  const { json, ...given } = flags(args, { files: 10, mib: 32, rounds: 3 });
  const folder = await mkdtemp(join(tmpdir(), 'bench-copy-'));
  try {
    return present(reportOf(await measureAll(folder, given), given), json);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
