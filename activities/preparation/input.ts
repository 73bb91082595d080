import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { AzureError } from '../../azure/errors.js';
import { identityOfFile, type SourceIdentity } from '../../corpus/identity.js';
import { httpFile } from '../../corpus/input/https.js';
import type { SourceOfTask } from '../../corpus/stages/source.js';
import type { Deps, Place } from '../deps.js';

/** What a preparation reads. */
export interface PreparationInput {
  readonly source: SourceOfTask;
  /** Changes with its content; a local file is hashed for it. */
  identity(): Promise<SourceIdentity>;
}

/** What `data.prepare.dump` names: `blob:account/container/path`, an address of the web, else a file on the data worker, relative to the installation. */
export async function openInput(
  deps: Deps,
  place: Place,
  dump: string,
  signal: AbortSignal,
): Promise<PreparationInput> {
  if (dump.startsWith(BLOB)) return openBlob(deps, place, dump, signal);
  return /^https?:/.test(dump) ? openUrl(dump, signal) : openFile(deps, dump);
}

/**
 * Two versions of an input are never mixed. A local file is told by its size: to hash it for each piece would take longer than the piece.
 * @throws where it is another than was planned
 */
export async function requireSame(input: PreparationInput, planned: SourceIdentity): Promise<void> {
  const { source } = input;
  const isFile = 'file' in source;
  const now: SourceIdentity = isFile ? { bytes: (await stat(source.file)).size } : await input.identity();
  const isSame = now.bytes === planned.bytes && (isFile || now['etag'] === planned['etag']);
  if (!isSame) throw replaced(isFile ? source.file : 'url' in source ? source.url.replace(/\?.*/, '') : source.name);
}

const BLOB = 'blob:';

function openFile(deps: Deps, dump: string): PreparationInput {
  const file = resolve(deps.installation, dump);
  const identity = () =>
    identityOfFile(file).catch(() => {
      throw noDump(`the dump ${file} cannot be read on this worker; check data.prepare.dump`);
    });
  return { source: { file }, identity };
}

/** Its server's word for this version of it is part of the identity: without one a file that was replaced could not be told. */
function openUrl(url: string, signal: AbortSignal): PreparationInput {
  const identity = async (): Promise<SourceIdentity> => {
    const { bytes } = await httpFile(url, { signal });
    const answer = await fetch(url, { method: 'HEAD', signal });
    const version = answer.headers.get('etag') ?? answer.headers.get('last-modified');
    if (version !== null) return { bytes, etag: version };
    throw noDump(`the server of ${url} says neither ETag nor Last-Modified; download the dump and name its path`);
  };
  return { source: { url }, identity };
}

async function openBlob(deps: Deps, place: Place, dump: string, signal: AbortSignal): Promise<PreparationInput> {
  const [account = '', name = '', ...rest] = dump.slice(BLOB.length).split('/');
  const path = rest.join('/');
  if (path === '') throw noDump(`data.prepare.dump is "${dump}"; write blob:account/container/path`);
  const container = deps.connection(place.azure).container(account, name);
  const found = await container.info(path);
  if (found === null) throw noDump(`the dump ${path} does not exist in ${account}/${name}; check data.prepare.dump`);
  const { bytes, etag } = found;
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    const content = await container.range(path, from, to, { signal, onlyIfStill: etag }).catch((error: unknown) => {
      if (error instanceof AzureError && error.kind === 'conflict') throw replaced(dump);
      throw error;
    });
    if (content?.length !== to - from) throw replaced(dump);
    return content;
  };
  return { source: { name: dump, bytes, read }, identity: () => Promise.resolve({ bytes, etag }) };
}

function noDump(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'NoDump');
}

function replaced(dump: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `the dump ${dump} was replaced while it was prepared; start the preparation again, it begins anew with what lies there now`,
    'DumpReplaced',
  );
}
