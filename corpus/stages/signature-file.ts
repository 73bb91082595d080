import { CorpusError } from '../error.js';
import { readWhole } from '../files/files.js';
import type { Content } from '../files/writer.js';
import type { Signatures } from '../duplicates/clusters.js';
import { signatureLength } from '../duplicates/signature.js';
import { decodeSafetensors, encodeSafetensors } from '../shards/safetensors.js';
import { contentOf, damaged } from './token-file.js';
import type { Workshop } from './workshop.js';

/** Keeps the signatures of the documents of a piece until all are there: 72 bytes each. */
export interface SignatureCollector {
  add(page: number, signature: Uint16Array): void;
  write(shop: Pick<Workshop, 'work'>, path: string): Promise<Content>;
}

export function collectSignatures(): SignatureCollector {
  const pages: number[] = [];
  const signatures: Uint16Array[] = [];
  return {
    add(page, signature) {
      pages.push(page);
      signatures.push(signature);
    },
    async write({ work }, path) {
      const values = new Uint16Array(signatures.length * signatureLength);
      signatures.forEach((signature, document) => values.set(signature, document * signatureLength));
      const bytes = encodeSafetensors([
        { name: 'pages', data: Float64Array.from(pages) },
        { name: 'values', data: values },
      ]);
      await work.write(path, bytes);
      return contentOf(bytes);
    },
  };
}

/** Reads what a collector wrote. @throws MissingFileError; CorpusError where it holds something else by now */
export async function readSignatures(
  { work }: Pick<Workshop, 'work'>,
  path: string,
  expected: Content,
): Promise<Signatures> {
  const bytes = await readWhole(work, path);
  if (contentOf(bytes).sha256 !== expected.sha256) throw new CorpusError(damaged(path));
  const { pages, values } = decodeSafetensors(bytes);
  return { pages: pages as Float64Array, values: values as Uint16Array };
}
