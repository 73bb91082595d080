import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { emptyCounts, readDocuments } from '../../../corpus/documents.js';
import { localFile } from '../../../corpus/input/local.js';
import { openInput } from '../../../corpus/input/open.js';
import { readPiece } from '../../../corpus/input/read.js';
import { unpack } from '../../../corpus/input/unpack.js';
import { PrepareOptionsSchema } from '../../../corpus/options.js';
import { bertha } from '../../../installation.js';

/** What the sides are measured on: the English excerpt, after a warm-up on other text. */
export interface Files {
  readonly folder: string;
  readonly packed: string;
  readonly plain: string;
  readonly xmlBytes: number;
  readonly warmUp: string;
  readonly warmUpPacked: string;
  readonly vocabulary: string;
  /** Sentences, one a line. */
  readonly lines: string;
  readonly lineBytes: number;
  readonly warmUpLines: string;
  /** Lines of a third language, in another script. */
  readonly bulgarian: string;
}

const english = 'enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2';

export async function layOut(): Promise<Files> {
  const shared = join(process.env['BERTHA_SHARED'] ?? resolve('..', 'shared'), 'data');
  if (!existsSync(shared))
    throw new Error(`${shared} is not there: put the shared data beside the clone, or set BERTHA_SHARED.`);
  const folder = bertha('bench', 'data');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packed = bertha('data', english);
  const warmUp = join(shared, 'smallwiki-latest-pages-articles.xml');
  const xml = await unpacked(packed);
  const lines = await sentencesOf(packed);
  return {
    folder,
    packed,
    plain: written(join(folder, 'english.xml'), xml),
    xmlBytes: xml.length,
    warmUp,
    warmUpPacked: join(shared, 'enwiki-table-markup.xml.bz2'),
    vocabulary: join(shared, 'bert-base-uncased-vocab.txt'),
    lines: written(join(folder, 'english.txt'), lines),
    lineBytes: lines.length,
    warmUpLines: written(join(folder, 'warm-up.txt'), await sentencesOf(warmUp)),
    bulgarian: written(
      join(folder, 'bulgarian.txt'),
      await sentencesOf(join(shared, 'bgwiki-latest-pages-articles-shortened.xml.bz2')),
    ),
  };
}

function written(path: string, content: Buffer): string {
  writeFileSync(path, content);
  return path;
}

async function unpacked(file: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const stretch of unpack(await localFile(file), 'bzip2')) if ('bytes' in stretch) parts.push(stretch.bytes);
  return Buffer.concat(parts);
}

async function sentencesOf(dump: string): Promise<Buffer> {
  const input = await openInput(await localFile(dump));
  const options = PrepareOptionsSchema.parse({});
  const lines: string[] = [];
  for await (const document of readDocuments(readPiece(input).pages, input.site, options, emptyCounts())) {
    lines.push(...document.sentences);
  }
  return Buffer.from(lines.join('\n'));
}
