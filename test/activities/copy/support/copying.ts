import type { CopiedData } from '../../../../activities/copy.js';
import { datasetFolder } from '../../../../domain/paths.js';
import type { BlobContainer } from '../../../../azure/blob.js';
import type { RunConfig } from '../../../../domain/config.js';
import { azure, config, dataActivities, place } from '../../support/deps.js';
import { type Ran, observe } from '../../support/run.js';
import { sharedStack } from '../../support/stack.js';
import { contentIdIn, writeFiles } from './dataset.js';

type Source = RunConfig['data']['source'];

/** A dataset at its source, and the place where a run wants it. Each has containers of its own: what one test leaves is not in the way of another. */
export interface Case {
  readonly name: string;
  readonly source: BlobContainer;
  readonly target: BlobContainer;
  /** In both containers. */
  readonly folder: string;
  readonly files: Map<string, Buffer>;
  /** Runs copyData as the worker does. */
  copy(changes?: { cloud?: string; source?: Source; heartbeatDetails?: unknown }): Promise<Ran<CopiedData>>;
  request(changes?: { cloud?: string; source?: Source }): Request;
}

interface Request {
  place: ReturnType<typeof place>;
  data: RunConfig['data'];
  folder: string;
}

/** Puts files at a source. @param name of the case, part of container names */
export async function newCase(name: string, files: Map<string, Buffer>): Promise<Case> {
  await sharedStack();
  const { data } = config('data');
  const account = data.source.account ?? '';
  const source = azure().container(account, `from-${name}`);
  const target = azure().container(account, `to-${name}`);
  const folder = datasetFolder(data.name, contentIdIn(files));
  await writeFiles(source, folder, files);
  await target.ensure();
  const request = (changes: { cloud?: string; source?: Source } = {}): Request => {
    const where = place('data', changes.cloud ?? 'local');
    return {
      place: { ...where, storage: { ...where.storage, container: target.name } },
      data: { ...data, source: changes.source ?? { account, container: source.name } },
      folder: changes.source?.folder === undefined && changes.source?.url === undefined ? folder : '',
    };
  };
  return {
    ...{ name, source, target, folder, files, request },
    copy: ({ heartbeatDetails, ...changes } = {}) =>
      observe(dataActivities.copyData, request(changes), heartbeatDetails === undefined ? {} : { heartbeatDetails }),
  };
}
