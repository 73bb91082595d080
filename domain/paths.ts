import { attemptName, runSlug } from './names.js';

/** Where things of a run lie in its container; the layout of docs/ARCHITECTURE.md. All paths are blob names without a leading slash. */
export const runFolder = (workflowId: string) => `runs/${runSlug(workflowId)}`;
export const runRecordPath = (workflowId: string) => `${runFolder(workflowId)}/run.json`;
export const journalPath = (workflowId: string) => `${runFolder(workflowId)}/journal.jsonl`;
export const reportPath = (workflowId: string, extension: 'json' | 'md') =>
  `${runFolder(workflowId)}/report.${extension}`;
/** Parameters of one attempt: what is passed over or saved how often may differ from the attempt before. */
export const trainerConfigPath = (workflowId: string, phase: string, attempt: number) =>
  `${runFolder(workflowId)}/${phase}/trainer-${attemptName(attempt)}.json`;
/** Records of checkpoints that were hashed (activities/checkpoint-records.ts). */
export const verifiedFolder = (workflowId: string, phase: string) => `${runFolder(workflowId)}/${phase}/verified`;
export const tensorboardFolder = (workflowId: string, phase: string) => `${runFolder(workflowId)}/tensorboard/${phase}`;
export const phaseAttemptsFolder = (workflowId: string, phase: string) => `${runFolder(workflowId)}/${phase}/attempts`;

/** Folder of one attempt: the job's `run` output. Each incarnation of the trainer writes below its own folder in it. */
export const attemptFolder = (workflowId: string, phase: string, attempt: number) =>
  `${phaseAttemptsFolder(workflowId, phase)}/${attemptName(attempt)}`;

/** Where files of the old recipe come to lie converted, in the container of prepared shards. @param identity hash of all that goes in */
export const conversionFolder = (dataset: string, identity: string) =>
  `data/${dataset}/converted/${identity.slice(0, 16)}`;

/** A dataset that is prepared is named by what it is made from, known before its first byte; a copy by its content. */
export const preparedDatasetFolder = (name: string, inputs: string) => `data/${name}/${inputs}`;
/** Intermediate files of a preparation; gone when its dataset is finished. */
export const preparationFolder = (name: string, inputs: string) => `data/${name}/unfinished/${inputs}`;
export const datasetFolder = (name: string, contentId: string) => `data/${name}/${contentId}`;

/** `checkpoints/step-000000120` of an incarnation folder. */
export const checkpointFolder = (step: number) => `checkpoints/step-${String(step).padStart(9, '0')}`;
