import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { AzureError } from '../../azure/errors.js';
import { identityOfFile, type SourceIdentity } from '../../corpus/identity.js';
import { httpFile } from '../../corpus/input/https.js';
import type { SourceOfTask } from '../../corpus/stages/source.js';
import type { Deps, Place } from '../deps.js';
import { answered } from './patience.js';
import { noDump, replaced } from './refusals.js';

/** What a preparation reads. */
export interface PreparationInput {
  readonly source: SourceOfTask;
  /** Changes with its content; a local file is hashed for it. */
  identity(): Promise<SourceIdentity>;
}

/** A field of the config that names an input. */
export interface NamedInput {
  readonly field: 'data.prepare.dump' | 'data.prepare.index';
  /** `blob:account/container/path`, an address of the web, else a file on the data worker, relative to the installation. */
  readonly name: string;
}

export async function openInput(
  deps: Deps,
  place: Place,
  named: NamedInput,
  signal: AbortSignal,
): Promise<PreparationInput> {
  if (named.name.startsWith(BLOB)) return openBlob(deps, place, named, signal);
  return /^https?:/.test(named.name) ? openUrl(named, signal) : openFile(deps, named);
}

const BLOB = 'blob:';

const wordOf = (field: NamedInput['field']) => (field === 'data.prepare.dump' ? 'dump' : 'index');

function openFile(deps: Deps, { name, field }: NamedInput): PreparationInput {
  const file = resolve(deps.installation, name);
  const identity = () =>
    identityOfFile(file).catch(() => {
      throw noDump(`the ${wordOf(field)} ${file} cannot be read on this worker; check ${field}`);
    });
  return { source: { file }, identity };
}

/** Its server's word for this version of it is part of the identity: without one a file that was replaced could not be told. */
async function openUrl({ name: url, field }: NamedInput, signal: AbortSignal): Promise<PreparationInput> {
  const { bytes, version, name } = await httpFile(url, { signal });
  if (version === null)
    throw noDump(
      `the server of ${name} says neither ETag nor Last-Modified; download it and name its path in ${field}`,
    );
  return { source: { url, version }, identity: () => Promise.resolve({ bytes, etag: version }) };
}

async function openBlob(
  deps: Deps,
  place: Place,
  { name: words, field }: NamedInput,
  signal: AbortSignal,
): Promise<PreparationInput> {
  const [account = '', name = '', ...rest] = words.slice(BLOB.length).split('/');
  const path = rest.join('/');
  if (path === '') throw noDump(`${field} is "${words}"; write blob:account/container/path`);
  const container = deps.connection(place.azure).container(account, name);
  const found = await container.info(path);
  if (found === null) throw noDump(`the ${wordOf(field)} ${path} does not exist in ${account}/${name}; check ${field}`);
  const { bytes, etag } = found;
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    const asking = container.range(path, from, to, { signal, onlyIfStill: etag });
    const content = await answered(`reading ${words}`, asking).catch((error: unknown) => {
      if (error instanceof AzureError && error.kind === 'conflict') throw replaced(words);
      throw error;
    });
    if (content?.length !== to - from) throw replaced(words);
    return content;
  };
  return { source: { name: words, bytes, read }, identity: () => Promise.resolve({ bytes, etag }) };
}

/** Size of a file on this worker. @throws a failure that another worker may mend */
export async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw ApplicationFailure.create({
      type: 'NoDump',
      message: `${file} cannot be read on data worker ${hostname()} (${cause.code}); put it there, or stop that worker: the piece is tried again`,
      nextRetryDelay: '10 seconds',
    });
  });
  return found.size;
}
