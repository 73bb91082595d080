import { readFileSync } from 'node:fs';
import { AnonymousCredential, ContainerClient, newPipeline } from '@azure/storage-blob';

import { realClock } from '../../../azure/copy/clock.js';
import { sendSourceConditions } from '../../../azure/copy/condition.js';
import { copyAll } from '../../../azure/copy/copy-all.js';
import { newCarrying } from '../../../azure/copy/open.js';
import { Pacer } from '../../../azure/copy/pacer.js';
import { blobSource } from '../../../azure/copy/sources/blob.js';
import { bySas } from '../../../azure/copy/sources/entries.js';
import { folderSource } from '../../../azure/copy/sources/folder.js';
import { CopyTarget } from '../../../azure/copy/target.js';
import { BLOCK_BYTES } from '../../../domain/copy/blocks.js';
import type { File } from './stage.js';

/** What the program is told, as a JSON file. */
export interface Order {
  /** Signed URLs of containers; a folder's path where the bytes go through the client. */
  readonly from: string;
  readonly to: string;
  readonly files: readonly File[];
  /** Whether the hashes of blocks are known, as of a dataset of ours. */
  readonly isKnown: boolean;
}

// Our copy as a program of its own, so that its start and its processor time are counted as those of the others are.
const { from, to, files, isKnown } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Order;
const pipeline = newPipeline(new AnonymousCredential(), { retryOptions: { maxTries: 1 } });
sendSourceConditions(pipeline);
const [base = '', sas = ''] = from.split('?');
const reader = new ContainerClient(from.startsWith('http') ? from : to, new AnonymousCredential());
const source = from.startsWith('http')
  ? blobSource(
      base,
      () => reader,
      bySas(() => sas),
    )
  : folderSource(from);
const wanted = files.map(({ path, known }) => {
  return { from: path, to: path, known: isKnown ? known : null, crc64: !isKnown, blockBytes: BLOCK_BYTES };
});
await copyAll(wanted, {
  ...{ source, target: new CopyTarget(new ContainerClient(to, pipeline)), clock: realClock },
  ...{ pacer: new Pacer(32, realClock), carrying: newCarrying(), onNews: () => undefined },
  ...{ signal: new AbortController().signal, tryMs: 120_000 },
});
