import { ApplicationFailure, executeChild, workflowInfo } from '@temporalio/workflow';
import type { CopiedData } from '../../activities/copy.js';
import type { PlannedCopy } from '../../activities/copy/plan.js';
import type { PreparationOutline, PreparationRequest, PreparedData } from '../../activities/preparation/prepare.js';
import type { VerifiedData } from '../../activities/preparation/verify.js';
import { preparedFolder } from '../../domain/config-data.js';
import { preparationId } from '../../domain/preparation.js';
import { convertShards } from '../convert.js';
import { dataWork } from '../proxies.js';
import { prepareWorkflow } from './prepare.js';

/** What a person asks of a dataset, without a run. */
export type DataAction = 'plan' | 'prepare' | 'convert' | 'copy' | 'verify';

export interface DataInput {
  readonly action: DataAction;
  readonly request: PreparationRequest;
}

export type DataResult =
  | {
      readonly action: 'plan';
      readonly outline: PreparationOutline | null;
      readonly folder: string | null;
      /** What a copy for runs would bring over; absent where there is nothing to copy yet. */
      readonly copy?: PlannedCopy;
      /** Files of the old recipe that are to be converted, or were. */
      readonly files?: number;
    }
  | { readonly action: 'prepare' | 'convert'; readonly prepared: PreparedData }
  | { readonly action: 'copy'; readonly copied: CopiedData }
  | { readonly action: 'verify'; readonly verified: VerifiedData };

type PlanResult = Extract<DataResult, { action: 'plan' }>;

/** Does with a dataset what the data stage of a run does, alone: the same activities on the same queue. */
export async function dataWorkflow({ action, request }: DataInput): Promise<DataResult> {
  switch (action) {
    case 'plan':
      return withCopy(request, await look(request));
    case 'prepare': {
      const workflowId = preparationId(workflowInfo().workflowId);
      return { action, prepared: await executeChild(prepareWorkflow, { args: [{ request }], workflowId }) };
    }
    case 'convert':
      return { action, prepared: await convertShards(withOldFiles(request)) };
    case 'copy':
      return { action, copied: await dataWork.copyData({ ...request, folder: await folderOf(request) }) };
    case 'verify':
      return { action, verified: await dataWork.verifyData({ ...request, folder: await folderOf(request) }) };
  }
}

function withOldFiles(request: PreparationRequest): PreparationRequest {
  if (request.data.convert !== undefined) return request;
  const { name } = request.data;
  throw ApplicationFailure.nonRetryable(
    `the config of dataset ${name} has no data.convert, which names the .bin files of the old recipe; see configs/recipe-shards.yaml`,
    'ConfigError',
  );
}

/** What is there, or would be done; of a conversion the plan is written down. */
async function look(request: PreparationRequest): Promise<PlanResult> {
  const { prepare, convert } = request.data;
  if (convert !== undefined) return { action: 'plan', outline: null, ...(await dataWork.planConversion(request)) };
  if (prepare === undefined) return { action: 'plan', outline: null, folder: preparedFolder(request.data) ?? null };
  const outline = await dataWork.lookAtPreparation(request);
  return { action: 'plan', outline, folder: outline.prepared?.folder ?? null };
}

/** Of shards that exist it is also said what a copy would bring over. */
async function withCopy(request: PreparationRequest, plan: PlanResult): Promise<DataResult> {
  const isThere = plan.folder !== null && plan.files === undefined;
  return isThere ? { ...plan, copy: await dataWork.planCopy({ ...request, folder: plan.folder ?? '' }) } : plan;
}

/** Folder of the dataset in the source container. */
async function folderOf(request: PreparationRequest): Promise<string> {
  const { folder } = await look(request);
  if (folder !== null) return folder;
  const { name } = request.data;
  throw ApplicationFailure.nonRetryable(
    `the dataset ${name} is not prepared yet: prepare it first with: npx bertha data prepare CONFIG`,
    'NotPrepared',
  );
}
