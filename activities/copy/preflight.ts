import { cancellationSignal } from '@temporalio/activity';
import { AzureError } from '../../azure/errors.js';
import { preparedFolder } from '../../domain/config-data.js';
import type { RunConfig } from '../../domain/config.js';
import type { Deps, Place } from '../deps.js';
import { lookForManifest, withoutManifest } from './manifest.js';
import { placeWords, sourceOf } from './source.js';

/** What is wrong with the data that a run names, as far as can be known before anything costs money. A local folder only the data worker sees. */
export async function dataProblems(deps: Deps, place: Place, data: RunConfig['data']): Promise<string[]> {
  const folder = preparedFolder(data);
  if (folder === undefined || data.source.folder !== undefined) return [];
  const source = sourceOf(deps, place, data);
  const signal = cancellationSignal();
  try {
    if ((await lookForManifest(source, folder, signal)) !== null) return [];
    return [await withoutManifest(source, folder, placeWords(data, folder), signal)];
  } catch (error) {
    const isAnswer = error instanceof AzureError && error.kind !== 'transient';
    if (!isAnswer) throw error;
    return [`the data cannot be read: ${error.message}`];
  }
}
