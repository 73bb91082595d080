import { readWhole, type Files } from '../files/files.js';
import type { ByteSource } from './pieces.js';
import { planFile, type Plan } from './plan.js';

/** What the tasks of a preparation work with. */
export interface Workshop {
  /** Intermediate files; gone when the dataset is finished. */
  readonly work: Files;
  /** The dataset's folder. */
  readonly out: Files;
  /** A folder on this machine that is empty at first and that nobody else uses. */
  readonly scratch: string;
  /** The input. */
  open(): Promise<ByteSource>;
  /** Lets others run now and then. @throws the reason where the task is to end */
  breathe(): Promise<void>;
  /** Says how far the task is. */
  tell(progress: { readonly bytes?: number; readonly pages?: number; readonly samples?: number }): void;
}

/** @throws MissingFileError */
export async function readPlan(work: Files): Promise<Plan> {
  return JSON.parse(Buffer.from(await readWhole(work, planFile)).toString('utf8')) as Plan;
}

/** Does `work` for all numbers below `count`, so many at once; results in order. */
export async function inOrder<T>(count: number, atOnce: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = new Array<T>(count);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
  return results;
}
