import { inflateBzip2 } from '../../../corpus/bzip2/inflate.js';
import { localFile } from '../../../corpus/input/local.js';

/** How often code is run before it is measured: a worker that prepares a dump runs it for hours. */
export const rounds = 3;
const inflations = 10 * rounds;

/** Unpacks a small file until the decoder is compiled for good. */
export async function warmUpInflate(file: string): Promise<void> {
  for (let round = 0; round < inflations; round++) for await (const _ of inflateBzip2(await localFile(file)));
}
