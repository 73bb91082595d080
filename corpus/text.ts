import { countDamaged, emptyCounts, readDocuments, type DocumentCounts } from './documents.js';
import { localFile } from './input/local.js';
import { openInput } from './input/open.js';
import { readPiece } from './input/read.js';
import type { ByteSource } from './input/source.js';
import { createLines } from './lines.js';
import type { Preparation } from './options.js';
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
  const source = await localFile(dump);
  const input = await openInput(
    watched(source, (bytes) => meter.update({ bytes })),
    options.input,
  );
  const { pages, damage } = readPiece(input);
  const spool = await createLines(files.spool);
  const attribution = await createLines(files.attribution);
  try {
    for await (const document of readDocuments(pages, input.site, options, counts)) {
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
  countDamaged(counts, damage);
  meter.update({ pages: counts.in });
  return counts;
}

/** Tells how far a source has been read. */
function watched(source: ByteSource, tell: (bytes: number) => void): ByteSource {
  return {
    ...source,
    async *read(from, to) {
      let read = from;
      for await (const chunk of source.read(from, to)) {
        tell((read += chunk.length));
        yield chunk;
      }
    },
  };
}
