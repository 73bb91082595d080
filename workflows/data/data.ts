import { ApplicationFailure, executeChild, workflowInfo } from '@temporalio/workflow';
import type { CopiedData } from '../../activities/copy.js';
import type { PreparationOutline, PreparationRequest, PreparedData } from '../../activities/preparation/prepare.js';
import type { VerifiedData } from '../../activities/preparation/verify.js';
import { preparedFolder } from '../../domain/config-data.js';
import { preparationId } from '../../domain/preparation.js';
import { dataWork } from '../proxies.js';
import { prepareWorkflow } from './prepare.js';

/** What a person asks of a dataset, without a run. */
export type DataAction = 'plan' | 'prepare' | 'copy' | 'verify';

export interface DataInput {
  readonly action: DataAction;
  readonly request: PreparationRequest;
}

export type DataResult =
  | { readonly action: 'plan'; readonly outline: PreparationOutline | null; readonly folder: string | null }
  | { readonly action: 'prepare'; readonly prepared: PreparedData }
  | { readonly action: 'copy'; readonly copied: CopiedData }
  | { readonly action: 'verify'; readonly verified: VerifiedData };

/** Does with a dataset what the data stage of a run does, alone: the same activities on the same queue. */
export async function dataWorkflow({ action, request }: DataInput): Promise<DataResult> {
  switch (action) {
    case 'plan':
      return look(request);
    case 'prepare': {
      const workflowId = preparationId(workflowInfo().workflowId);
      return { action, prepared: await executeChild(prepareWorkflow, { args: [{ request }], workflowId }) };
    }
    case 'copy':
      return { action, copied: await dataWork.copyData({ ...request, folder: await folderOf(request) }) };
    case 'verify':
      return { action, verified: await dataWork.verifyData({ ...request, folder: await folderOf(request) }) };
  }
}

/** What is there, or would be done; changes nothing. */
async function look(request: PreparationRequest): Promise<DataResult> {
  const { prepare } = request.data;
  if (prepare === undefined) return { action: 'plan', outline: null, folder: preparedFolder(request.data) ?? null };
  const outline = await dataWork.lookAtPreparation(request);
  return { action: 'plan', outline, folder: outline.prepared?.folder ?? null };
}

/** Folder of the dataset in the source container. */
async function folderOf(request: PreparationRequest): Promise<string> {
  const found = await look(request);
  const folder = found.action === 'plan' ? found.folder : null;
  if (folder !== null) return folder;
  const { name } = request.data;
  throw ApplicationFailure.nonRetryable(
    `the dataset ${name} is not prepared yet: prepare it first with: npx bertha data prepare CONFIG`,
    'NotPrepared',
  );
}
