import { emptyCounts, readDocuments, type DocumentCounts } from './documents.js';
import { inflate } from './inflate.js';
import { createLines } from './lines.js';
import type { Preparation } from './options.js';
import { readDump } from './pages.js';
import type { ProgressMeter } from './progress.js';

/** Where the text stage writes: the documents, and the side file that names their pages. */
export interface TextFiles {
  readonly spool: string;
  readonly attribution: string;
}

/** First pass: dump to documents in a spool, with one attribution line (page id, revision id, title) for every page kept. */
export async function writeText(
  dump: string,
  files: TextFiles,
  options: Preparation,
  meter: ProgressMeter,
): Promise<DocumentCounts> {
  const counts = emptyCounts();
  const { site, pages } = await readDump(
    inflate(dump, (bytes) => meter.update({ bytes })),
    dump,
  );
  const spool = await createLines(files.spool);
  const attribution = await createLines(files.attribution);
  try {
    for await (const document of readDocuments(pages, site, options, counts)) {
      const { page, revision, title } = document;
      await spool.write(document);
      await attribution.write({ page, revision, title });
      meter.update({ pages: counts.in });
      await meter.breathe();
    }
  } finally {
    await spool.close();
    await attribution.close();
  }
  meter.update({ pages: counts.in });
  return counts;
}
