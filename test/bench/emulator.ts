import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { flags } from './harness/flags.js';
import { present } from './harness/report.js';
import { measureAll } from './emulator/measure.js';
import { reportOf } from './emulator/report.js';

/** For the list of benches. */
export const about =
  'the emulator of Azure ML under load: 200 clients with a job GET a second each and 20 listings of 1,000 jobs a second, open loop';

/** `npm run bench -- emulator [--json] [--seconds N] [--rounds N] [--jobs N]`. @returns exit code: 1 where a bar is missed */
export async function main(args: string[]): Promise<number> {
  const { json, ...given } = flags(args, { seconds: 30, rounds: 2, jobs: 1000, warmup: 3 });
  const folder = await mkdtemp(join(tmpdir(), 'bench-emulator-'));
  try {
    return present(reportOf(await measureAll(folder, given), given), json);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
