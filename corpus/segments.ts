import { keptFor } from './kept-for.js';
import type { TokenisedDocuments } from './tokens.js';
import type { Vocabulary } from './vocabulary/vocabulary.js';

/**
 * Cuts every sentence of more than `limit` tokens into pieces of about equal length, at a comma or the like where one is
 * near, between words otherwise.
 *
 * google-research/bert takes sentences whole. One that fills the room alone leaves none for its next one, so that the pair
 * is forced to be "random next": with sequences of 32 tokens that is most of them. Cut to half the room, every chunk has two.
 */
export function cutLongSentences(
  documents: TokenisedDocuments,
  limit: number,
  vocabulary: Vocabulary,
): TokenisedDocuments {
  const { tokens, sentenceStarts, documentStarts } = documents;
  const boundary = boundaryOf(vocabulary);
  const starts: number[] = [];
  const firstOf: number[] = [];
  for (let document = 0; document < documents.pages.length; document++) {
    firstOf.push(starts.length);
    const last = documentStarts[document + 1] as number;
    for (let sentence = documentStarts[document] as number; sentence < last; sentence++) {
      const end = sentenceStarts[sentence + 1] as number;
      let start = sentenceStarts[sentence] as number;
      while (start < end) {
        starts.push(start);
        start = cutAfter(tokens, start, end, limit, boundary);
      }
    }
  }
  return {
    pages: documents.pages,
    tokens,
    sentenceStarts: Uint32Array.from([...starts, tokens.length]),
    documentStarts: Uint32Array.from([...firstOf, starts.length]),
  };
}

interface Boundary {
  /** 1 for ids that continue a word. */
  readonly continues: Uint8Array;
  /** 1 for ids after which a sentence may well be cut. */
  readonly pauses: Uint8Array;
}

const boundaryOf = keptFor(({ pieces }: Vocabulary): Boundary => ({
  continues: Uint8Array.from(pieces, (piece) => (piece.startsWith('##') ? 1 : 0)),
  pauses: Uint8Array.from(pieces, (piece) => (/^[,;:–—)]$/.test(piece) ? 1 : 0)),
}));

/** Where the next piece starts, or `end`: the pause nearest to an even share, else the nearest start of a word. */
function cutAfter(tokens: Uint16Array, start: number, end: number, limit: number, boundary: Boundary): number {
  const left = end - start;
  if (left <= limit) return end;
  const ideal = start + Math.ceil(left / Math.ceil(left / limit));
  const farthest = Math.min(start + limit, end - 1);
  let wordStart = 0;
  for (let distance = 0; distance < limit / 2; distance++) {
    for (const cut of [ideal - distance, ideal + distance]) {
      if (cut <= start || cut > farthest || boundary.continues[tokens[cut] as number] === 1) continue;
      const isPause = boundary.pauses[tokens[cut - 1] as number] === 1;
      if (isPause && distance <= limit / 4) return cut;
      if (wordStart === 0) wordStart = cut;
    }
  }
  return wordStart === 0 ? ideal : wordStart;
}
