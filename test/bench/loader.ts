import { alternately } from './harness/alternate.js';
import { flags } from './harness/flags.js';
import { present } from './harness/report.js';
import { trainingData } from './loader/data.js';
import { measured } from './loader/python.js';
import { type Figures, reportOf } from './loader/report.js';

/** For the list of benches. */
export const about = "the trainer's loader alone: sequences/s with masking and collation, seeks, data wait";

/** `npm run bench -- loader [--rounds N] [--seconds N] [--json]`. @returns exit code: 1 where a bar is missed */
export async function main(args: string[]): Promise<number> {
  const { json, rounds, seconds } = flags(args, { rounds: 5, seconds: 2 });
  const folder = await trainingData();
  const sides = ['128', '512'].map((name) => ({
    name,
    measure: () => measured<Figures>(['loader', 'loader.py'], [folder, name, String(seconds)]),
  }));
  return present(reportOf(await alternately(rounds, sides), rounds), json);
}
