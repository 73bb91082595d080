import { rmSync } from 'node:fs';

import { layOut } from './data/files.js';
import { measureScaling } from './data/scaling.js';
import { flags } from './harness/flags.js';
import { present } from './harness/report.js';

/** For the list of benches. */
export const about =
  'memory of data workers on an input 100 times the English excerpt, by one worker and by two, the same bytes out; some four minutes, 2 GB of disk';

/** `npm run bench -- data-memory [--copies N] [--json]`. @returns exit code: 1 where a bar is missed */
export async function main(args: string[]): Promise<number> {
  const { json, copies } = flags(args, { copies: 100 });
  const files = await layOut();
  try {
    return present(await measureScaling(files, { copies, rounds: 1, sizes: {}, bars: 'memory' }), json);
  } finally {
    rmSync(files.folder, { recursive: true, force: true });
  }
}
