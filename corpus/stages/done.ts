import { MissingFileError, readJson, type Files } from '../files/files.js';
import { number5 } from './plan.js';

/** The marker that a piece of a stage is done; written behind all its files, it holds what they came to. */
export function doneFile(stage: string, piece: number): string {
  return `${stage}/${number5(piece)}.done.json`;
}

/** What a piece that ought to be done came to. @throws MissingFileError */
export async function readDone<T>(work: Files, stage: string, piece: number): Promise<T> {
  const done = await readJson<T>(work, doneFile(stage, piece));
  if (done === null) throw new MissingFileError(doneFile(stage, piece));
  return done;
}
