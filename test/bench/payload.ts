import { flags } from './harness/flags.js';
import { present } from './harness/report.js';
import { demoData, trainingData } from './loader/data.js';
import { measured } from './loader/python.js';
import { measureFull, measureMix, measureRanks } from './payload/measure.js';
import { type Learning, reportOf } from './payload/report.js';

/** For the list of benches. */
export const about =
  "the trainer against a plain loop around Hugging Face's BertForPreTraining: speed at full length and with real lengths, two processes, learning";

/** `npm run bench -- payload [--rounds N] [--steps N] [--json]`. @returns exit code: 1 where a bar is missed */
export async function main(args: string[]): Promise<number> {
  const { json, rounds, steps } = flags(args, { rounds: 5, steps: 500 });
  const data = await trainingData();
  const demo = await demoData();
  const { pairs, versions } = await measureFull(rounds);
  const more = [...(await measureMix(rounds, data)), ...(await measureRanks(rounds, demo))];
  const learning = await measured<Learning>(['payload', 'learning.py'], [demo, String(steps)]);
  return present(reportOf([...pairs, ...more], learning, versions, rounds), json);
}
