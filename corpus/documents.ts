import type { Preparation } from './options.js';
import type { DamageLog } from './input/damage.js';
import type { Page } from './page.js';
import { plainBlocks } from './plain-blocks.js';
import { skipReason, type SkipReason } from './select.js';
import { sentenceSplitter, type SentenceLoss } from './sentences.js';
import type { Site } from './site.js';
import type { Block } from './wikitext/blocks.js';
import { cleanWikitext } from './wikitext/clean.js';

/** A page as text: what is left of it to train on, and what attribution needs. */
export interface Document {
  readonly page: number;
  readonly revision: number;
  readonly title: string;
  readonly sentences: readonly string[];
}

/** What became of the pages and sentences read so far; `in` = `out` + the sum of `skipped`. */
export interface DocumentCounts {
  in: number;
  out: number;
  readonly skipped: Partial<Record<SkipReason, number>>;
  readonly lostSentences: Record<SentenceLoss, number>;
}

export function emptyCounts(): DocumentCounts {
  return { in: 0, out: 0, skipped: {}, lostSentences: { short: 0, fragment: 0, hole: 0, markup: 0 } };
}

/** Enters the pages that could not be read: they came in, and are skipped as damaged. */
export function countDamaged(counts: DocumentCounts, { pages }: DamageLog): void {
  if (pages === 0) return;
  counts.in += pages;
  counts.skipped.damaged = (counts.skipped.damaged ?? 0) + pages;
}

/** Turns the pages of a dump into documents one by one, in order, and counts into `counts`. */
export async function* readDocuments(
  pages: AsyncIterable<Page>,
  site: Site,
  options: Preparation,
  counts: DocumentCounts,
): AsyncGenerator<Document> {
  const split = sentenceSplitter(options.language, options.minSentenceWords);
  const dropSections = new Set(options.dropSections.map((heading) => heading.toLowerCase()));
  for await (const page of pages) {
    counts.in++;
    const early = skipReason(page, options);
    const sentences =
      early === undefined
        ? blocksOf(page, site, dropSections).flatMap((block) => split(block, counts.lostSentences))
        : [];
    const reason = early ?? (sentences.length < options.minPageSentences ? 'short' : undefined);
    if (reason !== undefined) {
      counts.skipped[reason] = (counts.skipped[reason] ?? 0) + 1;
      continue;
    }
    counts.out++;
    yield { page: page.id, revision: page.revision, title: page.title, sentences };
  }
}

function blocksOf({ text, isWikitext }: Page, site: Site, dropSections: ReadonlySet<string>): Block[] {
  return isWikitext ? cleanWikitext(text, site, dropSections) : plainBlocks(text);
}
