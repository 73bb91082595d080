import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Document } from './documents.js';

/** Reads the documents that the text stage wrote to its temporary file, one JSON line each, in the order written. */
export async function* readSpool(file: string): AsyncGenerator<Document> {
  const lines = createInterface({ input: createReadStream(file, { highWaterMark: 1 << 20 }), crlfDelay: Infinity });
  for await (const line of lines) yield JSON.parse(line) as Document;
}
