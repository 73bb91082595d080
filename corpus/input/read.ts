import type { Page } from '../page.js';
import { damageLog, type DamageLog } from './damage.js';
import type { Format, Input, Piece } from './input.js';
import { scanJsonLines } from './jsonl.js';
import { scanPages } from './pages.js';
import { scanParagraphs } from './paragraphs.js';
import { startReading, type Reading } from './reading.js';

/** A piece as it is read. */
export interface PieceReading {
  /** The pages that begin in the piece, in order, one in memory at a time. */
  readonly pages: AsyncGenerator<Page>;
  /** What was damaged so far. */
  readonly damage: DamageLog;
}

const scanners = {
  xml: scanPages,
  jsonl: scanJsonLines,
  text: scanParagraphs,
} satisfies Record<Format, (reading: Reading) => AsyncGenerator<Page>>;

/** The whole input as one piece. */
export function wholeOf(input: Input): Piece {
  return { from: 0, to: input.source.bytes };
}

/**
 * Reads the pages (documents) of one piece. All pieces together give what the whole gives, each page once, whatever their size.
 * `pages` throws CorpusError on damage where the options say `fail`, and when an index does not fit.
 */
export function readPiece(input: Input, piece: Piece = wholeOf(input)): PieceReading {
  const damage = damageLog(input.options.onDamage);
  return { pages: readPages(input, piece, damage), damage };
}

async function* readPages(input: Input, piece: Piece, log: DamageLog): AsyncGenerator<Page> {
  const reading = startReading(input, piece, log);
  let count = 0;
  let first: number | undefined;
  try {
    for await (const page of scanners[input.format](reading)) {
      first ??= page.id;
      count++;
      yield page;
    }
  } finally {
    await reading.window.close();
  }
  compareWithIndex(input, piece, log, count, first);
}

/** A piece that was planned by an index holds the pages which that names, the damaged ones among them. */
function compareWithIndex(input: Input, piece: Piece, log: DamageLog, count: number, first: number | undefined): void {
  if (piece.pages === undefined) return;
  const isAsSaid = count + log.pages === piece.pages.count && (log.pages > 0 || first === piece.pages.first);
  if (isAsSaid) return;
  const said = `${piece.pages.count} pages from page ${piece.pages.first} on`;
  const problem = `The index does not fit ${input.source.name}: between bytes ${piece.from} and ${piece.to} it names ${said}, but ${count} were read, from page ${first ?? 'none'} on`;
  log.report({ problem, isPage: false });
}
