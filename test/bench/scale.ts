import { flags } from './harness/flags.js';
import { present } from './harness/report.js';
import { measure } from './scale/measure.js';
import { reportOf } from './scale/report.js';

/** For the list of benches. */
export const about =
  'a thousand runs watched by one worker process, against the emulator with the request limits of Azure Resource Manager';

/** `npm run bench -- scale [--json] [--runs N] [--minutes N] [--start-rate N] [--preempted PERCENT]`. @returns exit code: 1 where a bar is missed */
export async function main(args: string[]): Promise<number> {
  const given = flags(args, { runs: 1000, minutes: 2, 'start-rate': 3, preempted: 5 });
  const { json, runs, minutes, preempted } = given;
  const extent = { runs, minutes, preempted, perSecond: given['start-rate'] };
  return present(reportOf(await measure(extent), extent), json);
}
