import { continueAsNew, defineQuery, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { PreparationOutline, PreparationRequest, PreparedData } from '../../activities/preparation/prepare.js';
import {
  type PreparationProgress,
  STAGES,
  type StageOfPreparation,
  stagesOf,
  tasksIn,
} from '../../domain/preparation.js';
import { dataWork, preparationTask } from '../proxies.js';

/** How far a preparation is. */
export const preparationQuery = defineQuery<PreparationProgress>('preparation');

/** Argument of `prepareWorkflow`; callers send the request. */
export interface PreparationInput {
  readonly request: PreparationRequest;
  /** Set by the workflow itself when it continues as new. */
  readonly state?: PreparationState;
}

interface PreparationState {
  readonly outline: PreparationOutline;
  readonly startedAt: number;
  stage: StageOfPreparation;
  stageStartedAt: number;
  /** First task of the stage that was not given out yet. */
  next: number;
  groups: number;
}

/** Tasks that wait for a worker or are worked on; a worker takes as many as it has room for. */
const AT_ONCE = 64;
/** Events of an execution; what it has given out still comes to its end, with some six events each. */
const MOST_EVENTS = 6000;

/**
 * Prepares a dataset: plan, then stage by stage, each task an activity that any data worker may do. Continues as new when its history has
 * grown, between two tasks of whatever stage.
 */
export async function prepareWorkflow(input: PreparationInput): Promise<PreparedData> {
  const { request } = input;
  const state = input.state ?? (await begin(request));
  if (state.outline.prepared !== null) return state.outline.prepared;
  const progress = { done: state.next };
  setHandler(preparationQuery, () => progressOf(state, progress.done));
  for (const stage of STAGES.slice(STAGES.indexOf(state.stage))) {
    if (stage !== state.stage) Object.assign(state, { stage, stageStartedAt: Date.now(), next: 0 });
    progress.done = state.next;
    const prepared = await doStage(request, state, progress);
    if (prepared !== null) return prepared;
    const isGivenOut = state.next >= tasksIn(stage, state.outline, state.groups);
    if (!isGivenOut) return continueAsNew<typeof prepareWorkflow>({ request, state });
  }
  throw new Error('the last task of the preparation gave no dataset');
}

async function begin(request: PreparationRequest): Promise<PreparationState> {
  const outline = await dataWork.planPreparation(request);
  const now = Date.now();
  return { outline, startedAt: now, stage: STAGES[0], stageStartedAt: now, next: 0, groups: 0 };
}

/** Gives out the tasks of a stage, so many at once, until all are done or the history has grown. @returns the dataset behind the last stage */
async function doStage(
  request: PreparationRequest,
  state: PreparationState,
  progress: { done: number },
): Promise<PreparedData | null> {
  const { inputs } = state.outline;
  const { stage } = state;
  const of = tasksIn(stage, state.outline, state.groups);
  let prepared: PreparedData | null = null;
  const lane = async (): Promise<void> => {
    while (state.next < of && workflowInfo().historyLength < MOST_EVENTS) {
      const number = state.next++;
      const call = preparationTask(`${stage} ${number + 1} of ${of}`);
      const outcome = await call.prepareTask({ ...request, inputs, task: { stage, number } });
      state.groups = Math.max(state.groups, outcome.groups);
      prepared ??= outcome.prepared;
      progress.done++;
      setCurrentDetails(`${stage}: ${progress.done} of ${of}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, of) }, lane));
  return prepared;
}

function progressOf(state: PreparationState, done: number): PreparationProgress {
  const { stage, outline, groups, startedAt, stageStartedAt } = state;
  const of = tasksIn(stage, outline, groups);
  return { stage, stages: stagesOf(outline), done, of, bytes: outline.bytes, startedAt, stageStartedAt };
}
