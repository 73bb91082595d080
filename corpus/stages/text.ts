import { signatureOf } from '../duplicates/signature.js';
import { emptyCounts, type DocumentCounts } from '../documents.js';
import type { Content } from '../files/writer.js';
import type { Damage, DamageLog } from '../input/damage.js';
import type { DroppedPage } from './distinct.js';
import { readPieceOf, type Piece } from './pieces.js';
import type { Plan } from './plan.js';
import { collectSignatures, type SignatureCollector } from './signature-file.js';
import { openTextFiles, textFile, type TextWritten } from './text-files.js';
import type { Workshop } from './workshop.js';

/** What the text of a piece came to. */
export interface TextDone extends TextWritten {
  readonly counts: DocumentCounts;
  /** What could not be read, where the options say to skip it. */
  readonly damage: Pick<DamageLog, 'pages' | 'stretches' | 'first'>;
  /** Of the documents, where near duplicates are looked for. */
  readonly signatures?: Content;
  /** The first pages that a filter left out. */
  readonly dropped?: readonly DroppedPage[];
}

/** Damages of a piece that the quality report names; of more it says how many there are. */
const mostTold = 100;

/** Bytes of one piece to documents. */
export async function writeText(piece: number, plan: Plan, shop: Workshop): Promise<TextDone> {
  const { options, pieces } = plan;
  const source = await shop.open();
  const writer = await openTextFiles('text', piece, plan, shop);
  const signatures = options.nearDuplicates === undefined ? undefined : collectSignatures();
  const counts = emptyCounts();
  const { documents, damage } = await readPieceOf(source, pieces[piece] as Piece, plan, counts);
  for await (const document of documents) {
    await writer.add(document);
    signatures?.add(document.page, signatureOf(document.sentences));
    shop.tell({ pages: counts.in });
    await shop.breathe();
  }
  const done = { counts, damage: damageOf(damage, source.name), ...(await writer.finish()) };
  return signatures === undefined ? done : { ...done, signatures: await written(signatures, piece, shop) };
}

function written(signatures: SignatureCollector, piece: number, shop: Workshop): Promise<Content> {
  return signatures.write(shop, textFile('text', piece, 'signatures'));
}

/** Without the name of the input: it is a path of this worker, and what is written must not depend on who did it. */
function damageOf({ pages, stretches, first }: DamageLog, name: string): TextDone['damage'] {
  const nameless = ({ problem, isPage }: Damage): Damage => ({
    problem: problem.replaceAll(name, 'the input'),
    isPage,
  });
  return { pages, stretches, first: first.slice(0, mostTold).map(nameless) };
}
