import type { Heartbeat } from '../../../domain/trainer.js';
import { attemptFolder } from '../../../domain/paths.js';
import { store } from './deps.js';

export interface Place {
  readonly run: string;
  readonly attempt?: number;
  readonly incarnation?: string;
}

/** Epoch milliseconds of the end of a hand-made step: one second a step. */
export const endOf = (step: number, start = START) => start + step * 1000;
export const START = Date.parse('2026-11-23T01:00:00.000Z');

/**
 * Writes one closed file of metrics with the steps `from`..`to`; the loss of step s is 10 - s / 10.
 * @param start when step 0 ended
 * @param stalls seconds that a checkpoint took before a step
 */
export async function writeMetrics(
  place: Place,
  file: number,
  from: number,
  to: number,
  start = START,
  stalls: Readonly<Record<number, number>> = {},
): Promise<void> {
  const steps = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const lines = steps.map((step) => ({
    ...{ step, at: new Date(endOf(step, start)).toISOString(), samples: step * 8, seconds: 1, gradNorm: 1.5 },
    ...{ loss: { mlm: lossOf(step), nsp: 0.69 }, learningRate: 0.001 },
    ...(stalls[step] === undefined ? {} : { stall: stalls[step] }),
  }));
  const name = `${String(file).padStart(5, '0')}.jsonl`;
  await (
    await store()
  ).write(`${folderOf(place)}/metrics/${name}`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

export const lossOf = (step: number) => 10 - step / 10;

/** Writes the heartbeat of an incarnation. */
export async function writeHeartbeat(place: Place, said: Partial<Heartbeat>): Promise<void> {
  const heartbeat: Heartbeat = {
    ...{ format: 'bertha-heartbeat/1', incarnation: place.incarnation ?? 'i1', sequence: 1, state: 'training' },
    ...{ step: null, totalSteps: 100, loss: { mlm: 6.5, nsp: 0.7 }, sequencesPerSecond: 12.5 },
    ...{ checkpointStep: null, checkpointAt: null, firstStepAt: null, at: new Date(START).toISOString() },
    ...said,
  };
  await (await store()).write(`${folderOf(place)}/heartbeat.json`, JSON.stringify(heartbeat));
}

export function folderOf({ run, attempt = 1, incarnation = 'i1' }: Place): string {
  return `${attemptFolder(run, 'p1', attempt)}/${incarnation}`;
}
