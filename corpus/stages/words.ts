import { linesOf } from '../files/files.js';
import { createFile, type Content } from '../files/writer.js';
import { Heap } from '../vocabulary/heap.js';
import type { Workshop } from './workshop.js';

interface Count {
  readonly word: string;
  readonly count: number;
}

/** Writes counts of words sorted by word, so that counts of many pieces can be merged without holding them. */
export async function writeCounts(
  words: ReadonlyMap<string, number>,
  shop: Pick<Workshop, 'work' | 'scratch'>,
  path: string,
): Promise<Content> {
  const file = await createFile(shop.work, path, shop.scratch);
  for (const word of [...words.keys()].sort()) await file.write(`${word}\t${words.get(word)}\n`);
  return file.finish();
}

/**
 * The sums of many files of counts. Of more than `most` distinct words the rarest are left out: all that occur less often than some
 * number, which depends on the sums alone and not on the pieces.
 */
export async function mergeCounts(
  paths: readonly string[],
  most: number,
  shop: Workshop,
): Promise<Map<string, number>> {
  const merged = new Map<string, number>();
  let rarest = 1;
  for await (const { word, count } of sums(paths, shop)) {
    if (count < rarest) continue;
    merged.set(word, count);
    while (merged.size > most) {
      rarest++;
      for (const [kept, times] of merged) if (times < rarest) merged.delete(kept);
    }
    await shop.breathe();
  }
  return merged;
}

/** Every word once, in order, with its sum. */
async function* sums(paths: readonly string[], shop: Workshop): AsyncGenerator<Count> {
  const heap = new Heap<{ line: Count; rest: AsyncGenerator<Count> }>((a, b) => a.line.word < b.line.word);
  const advance = async (rest: AsyncGenerator<Count>): Promise<void> => {
    const next = await rest.next();
    if (!next.done) heap.push({ line: next.value, rest });
  };
  for (const path of paths) await advance(countsOf(path, shop));
  let open: { word: string; count: number } | undefined;
  for (let first = heap.pop(); first !== undefined; first = heap.pop()) {
    const { word, count } = first.line;
    if (open?.word === word) open.count += count;
    else {
      if (open !== undefined) yield open;
      open = { word, count };
    }
    await advance(first.rest);
  }
  if (open !== undefined) yield open;
}

async function* countsOf(path: string, { work }: Workshop): AsyncGenerator<Count> {
  for await (const line of linesOf(work, path, 1 << 16)) {
    const tab = line.indexOf('\t');
    yield { word: line.slice(0, tab), count: Number(line.slice(tab + 1)) };
  }
}
