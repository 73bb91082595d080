import type { Site } from '../site.js';
import type { InputOptions } from './options.js';
import type { ByteSource } from './source.js';

export type Packing = 'none' | 'gzip' | 'bzip2';
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';
export type Format = 'xml' | 'jsonl' | 'text';

/** What can be told of a source from its start. */
export interface Found {
  readonly packing: Packing;
  readonly encoding: Encoding;
  readonly format: Format;
  /** Of a dump, what stands before its first page; else nothing. */
  readonly header: string;
}

/** A source of which it is known what lies in it. */
export interface Input extends Omit<Found, 'header'> {
  readonly source: ByteSource;
  /** What the header of a dump says of its wiki. */
  readonly site: Site;
  /** Whether the dump has a `<mediawiki>` around its pages, which must close then. */
  readonly hasRoot: boolean;
  readonly options: InputOptions;
}

/**
 * A range of bytes of the file as it lies, to be read alone. A page belongs to the piece in which it begins: for packed input,
 * to the one in which the packed block begins that holds its start; for text and JSON lines, by the line end before it.
 */
export interface Piece {
  readonly from: number;
  readonly to: number;
  /** What an index says of the pages in it. */
  readonly pages?: { readonly count: number; readonly first: number };
}
