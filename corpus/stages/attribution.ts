import { linesOf } from '../files/files.js';
import { createFile } from '../files/writer.js';
import type { Plan } from './plan.js';
import { lastTextStage, textFile } from './text-files.js';
import type { Workshop } from './workshop.js';

export const attributionFile = 'attribution.jsonl';

/** Ids that more than one page of a dataset has. */
export interface RepeatedIds {
  readonly ids: number;
  /** Pages that have one of them. */
  readonly pages: number;
  /** The lowest of the ids. */
  readonly first: readonly number[];
}

const mostNamed = 20;
const idOfLine = /^\{"page":(\d+),/;

/** Puts the attribution of all pieces together. @param pages how many there are; their ids are in memory, 8 bytes each */
export async function joinAttribution(plan: Plan, pages: number, shop: Workshop): Promise<RepeatedIds> {
  const file = await createFile(shop.out, attributionFile, shop.scratch);
  const ids = new Float64Array(pages);
  let next = 0;
  for (let piece = 0; piece < plan.pieces.length; piece++) {
    for await (const line of linesOf(shop.work, textFile(lastTextStage(plan), piece, 'attribution'))) {
      ids[next++] = Number(idOfLine.exec(line)?.[1]);
      await file.write(`${line}\n`);
      await shop.breathe();
    }
  }
  await file.finish();
  return repeatedIn(ids.sort());
}

function repeatedIn(sorted: Float64Array): RepeatedIds {
  const first: number[] = [];
  let [ids, pages] = [0, 0];
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    if (end - start === 1) continue;
    ids++;
    pages += end - start;
    if (first.length < mostNamed) first.push(sorted[start] as number);
  }
  return { ids, pages, first };
}
