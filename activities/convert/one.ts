import { join } from 'node:path';
import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { BlobContainer } from '../../azure/blob.js';
import type { ConvertedFile } from '../../corpus/recipe/convert-file.js';
import { convertFileInThread } from '../../corpus/recipe/in-thread.js';
import { report } from '../deps.js';
import { asFailure } from './failure.js';
import { bare, type ConversionPlan, type PlannedFile } from './plan.js';

/**
 * Brings a file of the plan to the worker and converts it; the shards lie in `out` of the folder.
 * @throws ApplicationFailure, final, where the file was replaced since it was planned or is none that can be converted
 */
export async function convertOne(
  from: BlobContainer,
  { options }: ConversionPlan,
  file: PlannedFile,
  scratch: { readonly folder: string; readonly vocabulary: string },
): Promise<ConvertedFile> {
  const { name, split } = file;
  const local = join(scratch.folder, 'part.bin');
  await bring(from, file, local);
  const request = {
    ...{ file: local, name, split, options },
    ...{ vocabulary: scratch.vocabulary, outDir: join(scratch.folder, 'out') },
  };
  const tell = (progress: object) => report({ activity: 'convert', stage: 'convert', file: name, ...progress });
  return asFailure(() => convertFileInThread(request, tell, cancellationSignal()));
}

/** The file as it was planned, or none: two versions of it are never mixed. */
async function bring(from: BlobContainer, file: PlannedFile, to: string): Promise<void> {
  report({ activity: 'convert', stage: 'download', file: file.name, totalBytes: file.bytes });
  await requireUnchanged(from, file);
  await from.download(file.path, to, cancellationSignal());
  await requireUnchanged(from, file);
}

async function requireUnchanged(from: BlobContainer, { path, etag }: PlannedFile): Promise<void> {
  const now = await from.info(path);
  if (now !== null && bare(now.etag) === bare(etag)) return;
  const what = now === null ? 'is gone' : 'was replaced';
  throw ApplicationFailure.nonRetryable(
    `${from.name}/${path} ${what} since the conversion was planned; start the run again to convert the files as they are now`,
    'SourceChanged',
  );
}
