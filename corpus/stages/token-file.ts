import { createHash } from 'node:crypto';
import { CorpusError } from '../error.js';
import { readWhole } from '../files/files.js';
import type { Content } from '../files/writer.js';
import { decodeSafetensors, encodeSafetensors } from '../shards/safetensors.js';
import type { TokenisedDocuments } from '../tokens.js';
import type { Workshop } from './workshop.js';

/** Writes tokenised documents whole. */
export async function writeTokens(shop: Workshop, path: string, documents: TokenisedDocuments): Promise<Content> {
  const bytes = encodeSafetensors([
    { name: 'pages', data: Float64Array.from(documents.pages) },
    { name: 'sentences', data: Uint32Array.from(documents.sentenceStarts) },
    { name: 'documents', data: Uint32Array.from(documents.documentStarts) },
    { name: 'tokens', data: documents.tokens },
  ]);
  await shop.work.write(path, bytes);
  return contentOf(bytes);
}

/** Reads what `writeTokens` wrote. @throws MissingFileError; CorpusError where it holds something else by now */
export async function readTokens(shop: Workshop, path: string, expected: Content): Promise<TokenisedDocuments> {
  const bytes = await readWhole(shop.work, path);
  if (contentOf(bytes).sha256 !== expected.sha256) throw new CorpusError(damaged(path));
  const { pages, sentences, documents, tokens } = decodeSafetensors(bytes);
  return {
    pages: pages as Float64Array,
    tokens: tokens as Uint16Array,
    sentenceStarts: sentences as Uint32Array,
    documentStarts: documents as Uint32Array,
  };
}

/** The same documents in another order, or some of them. */
export function choose(from: TokenisedDocuments, which: readonly number[]): TokenisedDocuments {
  const { sentenceStarts, documentStarts, tokens, pages } = from;
  const parts: Uint16Array[] = [];
  const sentences: number[] = [];
  const documents: number[] = [];
  let length = 0;
  for (const document of which) {
    const [first, end] = [documentStarts[document] as number, documentStarts[document + 1] as number];
    const [start, stop] = [sentenceStarts[first] as number, sentenceStarts[end] as number];
    documents.push(sentences.length);
    for (let sentence = first; sentence < end; sentence++) {
      sentences.push(length + (sentenceStarts[sentence] as number) - start);
    }
    parts.push(tokens.subarray(start, stop));
    length += stop - start;
  }
  const chosen = new Uint16Array(length);
  parts.reduce((at, part) => (chosen.set(part, at), at + part.length), 0);
  return {
    pages: which.map((document) => pages[document] as number),
    tokens: chosen,
    sentenceStarts: Uint32Array.from([...sentences, length]),
    documentStarts: Uint32Array.from([...documents, sentences.length]),
  };
}

/** Documents of several, one behind the other. */
export function joined(all: readonly TokenisedDocuments[]): TokenisedDocuments {
  const tokens = new Uint16Array(all.reduce((sum, part) => sum + part.tokens.length, 0));
  const pages: number[] = [];
  const sentences: number[] = [];
  const documents: number[] = [];
  let length = 0;
  for (const part of all) {
    const base = sentences.length;
    for (const page of Array.from(part.pages)) pages.push(page);
    for (let document = 0; document < part.pages.length; document++) {
      documents.push(base + (part.documentStarts[document] as number));
    }
    for (let sentence = 0; sentence + 1 < part.sentenceStarts.length; sentence++) {
      sentences.push(length + (part.sentenceStarts[sentence] as number));
    }
    tokens.set(part.tokens, length);
    length += part.tokens.length;
  }
  return {
    pages,
    tokens,
    sentenceStarts: Uint32Array.from([...sentences, length]),
    documentStarts: Uint32Array.from([...documents, sentences.length]),
  };
}

/** Size and hash of the bytes of a whole file. */
export function contentOf(bytes: Uint8Array): Content {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** One sentence about an intermediate file whose hash is wrong. */
export function damaged(path: string): string {
  return `The intermediate file ${path} of the preparation holds other bytes than were written; remove the folder it lies in and prepare again.`;
}
