import type { Document } from '../documents.js';
import { linesOf, readWhole } from '../files/files.js';
import { readDone } from './done.js';
import { droppedFile, type DroppedDocument } from './duplicates.js';
import type { Plan } from './plan.js';
import { openTextFiles, textFile } from './text-files.js';
import type { TextDone } from './text.js';
import type { Workshop } from './workshop.js';

/** A page that was left out for another that is nearly the same. */
export interface DroppedPage {
  readonly page: number;
  readonly title: string;
  /** The page that stays. */
  readonly stays: number;
}

/** Pages of a piece that the quality report may name. */
const mostNamed = 20;

/** The documents of a piece without those that are to go. The same as `writeText` gives, of fewer documents. */
export async function writeDistinct(piece: number, plan: Plan, shop: Workshop): Promise<TextDone> {
  const { counts, damage } = await readDone<TextDone>(shop.work, 'text', piece);
  const listed = Buffer.from(await readWhole(shop.work, droppedFile(piece))).toString('utf8');
  const goes = new Map(JSON.parse(listed) as DroppedDocument[]);
  const writer = await openTextFiles('distinct', piece, plan, shop);
  const dropped: DroppedPage[] = [];
  let place = 0;
  for await (const line of linesOf(shop.work, textFile('text', piece, 'spool'))) {
    const document = JSON.parse(line) as Document;
    const stays = goes.get(place++);
    if (stays === undefined) await writer.add(document);
    else if (dropped.length < mostNamed) dropped.push({ page: document.page, title: document.title, stays });
    shop.tell({ pages: place });
    await shop.breathe();
  }
  const skipped = goes.size === 0 ? counts.skipped : { ...counts.skipped, duplicate: goes.size };
  return {
    ...(await writer.finish()),
    counts: { ...counts, out: counts.out - goes.size, skipped },
    damage,
    dropped,
  };
}
