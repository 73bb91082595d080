import { findDuplicates, refuseTooMany, type Signatures } from '../duplicates/clusters.js';
import { signatureLength } from '../duplicates/signature.js';
import { writeJson } from '../files/files.js';
import type { Content } from '../files/writer.js';
import { readDone } from './done.js';
import { number5, type Plan } from './plan.js';
import { readSignatures } from './signature-file.js';
import { textFile } from './text-files.js';
import type { TextDone } from './text.js';
import { inOrder, type Workshop } from './workshop.js';

/** What the search for near duplicates came to. */
export interface DuplicatesDone {
  /** Pages that were compared. */
  readonly pages: number;
  readonly dropped: number;
  /** Groups of pages that are alike, and how many pages the largest has. */
  readonly clusters: number;
  readonly largest: number;
}

/** A document that goes: its place in the text of its piece, and the page that stays. */
export type DroppedDocument = readonly [place: number, stays: number];

export const droppedFile = (piece: number): string => `duplicates/${number5(piece)}.json`;

/** Compares the documents of all pieces and writes down, piece by piece, which are to go. All signatures are in memory; see `mostDocuments`. */
export async function markDuplicates({ options, pieces }: Plan, shop: Workshop): Promise<DuplicatesDone> {
  const likeness = options.nearDuplicates?.likeness ?? 1;
  const done = await inOrder(pieces.length, 8, (piece) => readDone<TextDone>(shop.work, 'text', piece));
  const signatures = await gather(done, shop);
  const { pages } = signatures;
  const stays = findDuplicates(signatures, likeness);
  let first = 0;
  for (const [piece, { counts }] of done.entries()) {
    const dropped: DroppedDocument[] = [];
    for (let place = 0; place < counts.out; place++) {
      const kept = stays[first + place] as number;
      if (kept !== first + place) dropped.push([place, pages[kept] as number]);
    }
    first += counts.out;
    await writeJson(shop.work, droppedFile(piece), dropped);
    await shop.breathe();
  }
  return summaryOf(stays);
}

async function gather(done: readonly TextDone[], shop: Workshop): Promise<Signatures> {
  const count = done.reduce((sum, { counts }) => sum + counts.out, 0);
  refuseTooMany(count);
  const all = { pages: new Float64Array(count), values: new Uint16Array(count * signatureLength) };
  let first = 0;
  for (const [piece, { signatures }] of done.entries()) {
    const part = await readSignatures(shop, textFile('text', piece, 'signatures'), signatures as Content);
    all.pages.set(part.pages, first);
    all.values.set(part.values, first * signatureLength);
    first += part.pages.length;
    shop.tell({ pages: first });
    await shop.breathe();
  }
  return all;
}

function summaryOf(stays: Uint32Array): DuplicatesDone {
  const sizes = new Map<number, number>();
  stays.forEach((kept, document) => {
    if (kept !== document) sizes.set(kept, (sizes.get(kept) ?? 1) + 1);
  });
  let [dropped, largest] = [0, 0];
  for (const size of sizes.values()) {
    dropped += size - 1;
    largest = Math.max(largest, size);
  }
  return { pages: stays.length, dropped, clusters: sizes.size, largest };
}
