import {
  ApplicationFailure,
  CancelledFailure,
  CancellationScope,
  ContinueAsNew,
  executeChild,
  isCancellation,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import { preparedFolder } from '../domain/config-data.js';
import { attemptName, contentHash } from '../domain/names.js';
import type { CopiedData } from '../activities/copy.js';
import { preparationId } from '../domain/preparation.js';
import type { PreparedData } from '../activities/preparation/prepare.js';
import type { Claim } from '../activities/preflight.js';
import type { StageName } from '../domain/events.js';
import type { RunReport } from '../domain/report.js';
import { unkeepable } from '../domain/deadline/unkeepable.js';
import { keptWords } from '../domain/deadline/words.js';
import { becomeCanceled } from './cancel.js';
import { dueAt } from './clusters.js';
import { convertShards } from './convert.js';
import { prepareWorkflow } from './data/prepare.js';
import { finish, stopEverything } from './ending.js';
import { makeInfrastructure } from './infrastructure.js';
import { listen } from './operators.js';
import { sawNothing } from './look.js';
import { trainPhase } from './phase.js';
import { azureCall, dataWork, preflightCall } from './proxies.js';
import { reasonOf } from './reason.js';
import type { EarlyEnd, RunInput } from './run-state.js';
import { Run } from './state.js';
import { takeUp } from './take-up.js';
import { endTakenOver, isTakenOver } from './taken-over.js';
import { cancelWords } from './waiting.js';
import { tellAgain } from './webhook.js';

/**
 * The story of a run: preflight → data → infrastructure → a phase after the other → finalize.
 * Continues as new between watch segments; its id is the run's name.
 * @returns the report of a completed run; a run that failed or was canceled writes its report too and then ends as failed or canceled
 */
export async function runWorkflow(input: RunInput): Promise<RunReport> {
  const run = new Run(input);
  listen(run);
  run.showDetails();
  tellAgain(run);
  if (run.state.sequence === 0) run.note({ kind: 'run-started', continued: input.continueRun ?? false });
  if (run.state.ending !== null) return endEarly(run, run.state.ending);
  try {
    await stage(run, 'preflight', preflight);
    await stage(run, 'data', bringData);
    await stage(run, 'infrastructure', makeInfrastructure);
    for (const phase of run.config.phases) {
      await stage(run, `phase:${phase.name}`, () => trainPhase(run, phase));
    }
    await stage(run, 'finalize', finalize);
    const because = `all ${run.config.phases.length} phases reached their last step${keptWords(dueAt(run), Date.now())}`;
    // A run that has completed stays so: a cancel that comes while this is written down makes no second outcome of it.
    return await CancellationScope.nonCancellable(() => finish(run, 'completed', because));
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    if (isTakenOver(error)) endTakenOver(run, error);
    return await endEarly(run, earlyEnd(run, error));
  }
}

/** Runs a stage once in the life of the run, whatever number of executions that takes. @param work returns a summary in words */
async function stage(run: Run, name: StageName, work: (run: Run) => Promise<string>): Promise<void> {
  if (run.state.stagesDone.includes(name)) return;
  const entered =
    run.state.stage === name &&
    run.state.events.some((event) => event.kind === 'stage-started' && event.stage === name);
  run.state.stage = name;
  if (!entered) {
    run.note({ kind: 'stage-started', stage: name });
    // A stage may take hours before it has more to say.
    run.show();
  }
  const summary = await work(run);
  run.state.stagesDone = [...run.state.stagesDone, name];
  run.note({ kind: 'stage-done', stage: name, summary });
}

async function preflight(run: Run): Promise<string> {
  const { place, config } = run;
  const claim = await claimRun(run);
  run.state.claimed = true;
  await takeUp(run, claim);
  const underWay = run.state.open !== null;
  const { summary, problems, ...known } = underWay
    ? await azureCall.preflight({ place, config, underWay })
    : await preflightCall.preflight({ place, config });
  for (const text of problems ?? []) run.note({ kind: 'alert', phase: run.state.open?.phase ?? '', text });
  Object.assign(run.state, known);
  const late = unkeepable(run.config);
  if (late !== null) run.note({ kind: 'alert', phase: '', text: late });
  await run.flush();
  return summary;
}

/** A run that is taken up may have a job that trains: neither a cancel nor an outage of hours leaves that to itself. */
async function claimRun({ place, config, chain, input }: Run): Promise<Claim> {
  const { continueRun = false } = input;
  const request = { place, config, spec: contentHash(config), chain, continueRun };
  return continueRun
    ? CancellationScope.nonCancellable(() => azureCall.claimRun(request))
    : preflightCall.claimRun(request);
}

async function bringData(run: Run): Promise<string> {
  const { place, config } = run;
  const { data } = config;
  const prepared = await prepareOrConvert(run);
  const folder = prepared?.folder ?? preparedFolder(data);
  if (folder === undefined)
    throw ApplicationFailure.nonRetryable('data names none of prepare, convert and shards that exist', 'ConfigError');
  const copied = await dataWork.copyData({ place, data, folder });
  run.state.dataset = { name: data.name, contentId: copied.contentId, folder: copied.folder };
  const made = prepared === null ? '' : `${prepared.summary}${prepared.reused ? ' (made before)' : ''}; `;
  return `${made}${copied.blobs} blobs, ${(copied.bytes / 1e6).toFixed(1)} MB verified in ${place.storage.container}, ${copied.copied} copied${repeatedWords(copied.blocks)}`;
}

function repeatedWords(blocks: CopiedData['blocks']): string {
  return blocks === undefined || blocks.repeated === 0
    ? ''
    : `, ${blocks.repeated} of ${blocks.sent} blocks sent again`;
}

/** Null where the shards exist already. */
async function prepareOrConvert(run: Run): Promise<PreparedData | null> {
  const { data } = run.config;
  if (data.convert !== undefined) return convertShards({ place: run.place, data });
  return data.prepare === undefined ? null : prepareData(run);
}

/** In a workflow of its own, so that its history is its own: a dump has thousands of pieces. */
async function prepareData({ place, config: { data } }: Run): Promise<PreparedData> {
  const inPieces = patched('data-in-pieces');
  if (!inPieces) return dataWork.prepareData({ place, data });
  const workflowId = preparationId(place.run);
  return executeChild(prepareWorkflow, { args: [{ request: { place, data } }], workflowId });
}

async function finalize(run: Run): Promise<string> {
  const last = run.config.phases.at(-1);
  const head = last === undefined ? null : run.phase(last.name).head;
  if (head === null) throw ApplicationFailure.nonRetryable('no checkpoint to register', 'NoModel');
  run.state.model = await azureCall.registerModel({ place: run.place, name: run.config.model.name, checkpoint: head });
  const left = await stopEverything(run).catch((failure: unknown) => {
    // The model is there and registered: what cannot be proven behind it is said, and takes nothing from it.
    if (!sawNothing(failure)) throw failure;
    return notStopped(failure);
  });
  return `model ${run.state.model.name}:${run.state.model.version} registered from ${head.phase}/${attemptName(Number(head.attempt.slice(1)))} step ${head.step}, ${left}`;
}

const notStopped = (failure: unknown) =>
  `what is left could not be stopped (${reasonOf(failure)}): look at the jobs and the cluster`;

function earlyEnd({ state }: Run, error: unknown): EarlyEnd {
  const { canceled } = state.operator;
  if (canceled !== null) return { outcome: 'canceled', because: cancelWords(canceled) };
  // An activity that fails after the request is no cancellation to the SDK, but the run was canceled all the same.
  const asked = isCancellation(error) || CancellationScope.current().consideredCancelled;
  return asked
    ? { outcome: 'canceled', because: 'canceled on request' }
    : { outcome: 'failed', because: reasonOf(error) };
}

/** Canceled or failed: what runs is stopped and proven stopped, the report is written, then the workflow ends as what it is. */
async function endEarly(run: Run, ending: EarlyEnd): Promise<never> {
  const { outcome, because } = ending;
  run.state.ending = ending;
  const root = CancellationScope.current();
  await CancellationScope.nonCancellable(async () => {
    // The name may belong to another run, or by now to another workflow, whose jobs and report are none of our business.
    if (!run.state.claimed) return;
    const left = await stopEverything(run).catch((failure: unknown) => {
      if (failure instanceof ContinueAsNew) throw failure;
      if (isTakenOver(failure)) endTakenOver(run, failure);
      return notStopped(failure);
    });
    await finish(run, outcome, `${because}; ${left}`);
  });
  if (outcome === 'canceled') {
    if (!root.consideredCancelled) await becomeCanceled(run, root);
    throw new CancelledFailure(because);
  }
  throw ApplicationFailure.create({
    message: `run ${workflowInfo().workflowId} failed: ${because}`,
    type: 'RunFailed',
    nonRetryable: true,
  });
}
