import { resolve } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { BlobContainer } from '../../azure/blob.js';
import { type SourceWords, openSource } from '../../azure/copy/open.js';
import type { CopySource } from '../../azure/copy/source.js';
import type { RunConfig } from '../../domain/config.js';
import type { Deps, Place } from '../deps.js';

type Data = RunConfig['data'];

/** What prepared shards are copied from. */
export function sourceOf(deps: Deps, place: Place, data: Data): CopySource {
  return openSource(deps.connection(place.azure), wordsOf(deps, data));
}

/** The container that prepared shards are written to and copied from. @throws a final failure where the source is none */
export function sourceContainer(deps: Deps, place: Place, data: Data): BlobContainer {
  const { account, container } = data.source;
  if (account !== undefined && container !== undefined)
    return deps.connection(place.azure).container(account, container);
  throw ApplicationFailure.nonRetryable('data.source names no account and container', 'ConfigError');
}

/** A folder of the source as a person would name it. */
export function placeWords({ source }: Data, folder: string): string {
  const outside = source.folder ?? source.url;
  return outside ?? `${source.container ?? '?'}/${folder}`;
}

/** A path in a folder of the source, which of a local folder or a URL is that itself. */
export const below = (folder: string, file: string) => (folder === '' ? file : `${folder.replace(/\/$/, '')}/${file}`);

function wordsOf(deps: Deps, { source }: Data): SourceWords {
  const { account, container, folder, url, sasEnv, access = 'delegation' } = source;
  if (folder !== undefined) return { folder: resolve(deps.installation, folder) };
  if (url !== undefined) return { url };
  if (account === undefined || container === undefined)
    throw ApplicationFailure.nonRetryable(
      'data.source names neither account and container, nor folder, nor url',
      'ConfigError',
    );
  return sasEnv === undefined ? { account, container, access } : { account, container, sasEnv };
}
