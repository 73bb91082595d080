import { setTimeout as sleep } from 'node:timers/promises';
import { Context, getClient } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { type Fault, GLOBAL_BATCH } from '../schedule.js';
import {
  cancelUpdate,
  pauseUpdate,
  recoverNowUpdate,
  resumeUpdate,
  setCheckpointIntervalUpdate,
  skipWindowUpdate,
  wakeUpSignal,
} from '../../../workflows/messages.js';
import { personAt } from './looking.js';
import { type Simulated, keyOf } from './simulated.js';

type Act = Extract<Fault, { kind: 'operator' }>['act'];

/** How long a try waits, in real time, for the cancellation that a message to the workflow leads to. */
const PATIENCE_MS = { watchJob: 5_000, other: 300 };

/**
 * Sends the messages that are due from within a try of an activity, and stays in it until the workflow has canceled it: the time-skipping
 * server stalls where an activity is canceled between two tries, and where the result of an update is waited for.
 */
export async function sendFromWithin(sim: Simulated, activity: string): Promise<void> {
  const acts = due(sim);
  if (acts.length === 0) return;
  const context = Context.current();
  // What the watch knows is read from its heartbeat.
  context.heartbeat(sim.details.get(keyOf(context)));
  let taken = false;
  for (const { act, id } of acts) taken = (await send(sim, getClient(), act, id)) || taken;
  const cancels = taken && (activity === 'watchJob' || acts.some(({ act }) => act === 'cancel'));
  if (cancels) await untilCanceled(sim, activity === 'watchJob' ? PATIENCE_MS.watchJob : PATIENCE_MS.other);
}

/** Sends the messages that are due where no activity is there to be canceled by them. */
export async function sendFromOutside(sim: Simulated): Promise<void> {
  for (const { act, id } of due(sim)) await send(sim, getClient(), act, id);
}

function due(sim: Simulated): { act: Act; id: string }[] {
  const { mail } = sim.troubles;
  const acts = mail.splice(0).map(({ act, at }) => ({ act, id: `at-${at}` }));
  const { now } = sim.world;
  if (now < personAt(sim)) return acts;
  // Nobody else came: the person in charge ends what nobody could end, and lets the run go on.
  sim.waitingSince = now;
  const stuck = sim.world.jobs.find(({ isOver }) => !isOver);
  if (stuck !== undefined) sim.world.end(stuck, 'Canceled');
  return [...acts, { act: 'resume', id: `person-${Math.round(now)}` }];
}

/** @returns whether the workflow took it */
async function send(sim: Simulated, client: Client, act: Act, id: string): Promise<boolean> {
  const run = client.workflow.getHandle(sim.config.name);
  if (act === 'pause') sim.paused = true;
  if (act === 'resume') sim.paused = false;
  try {
    sim.cancelCrosses ||= act === 'cancel';
    await MESSAGES[act](run, { by: 'operator' }, id, sim);
    sim.troubles.lastAt = sim.world.now;
    return true;
  } catch {
    // Refused, or the workflow is over: both are answers.
    if (act === 'cancel') sim.cancelCrosses = false;
    return false;
  }
}

interface By {
  readonly by: string;
}
type Message = (run: WorkflowHandle, by: By, updateId: string, sim: Simulated) => Promise<unknown>;

const accepted = (updateId: string) => ({ waitForStage: 'ACCEPTED', updateId }) as const;

const MESSAGES: Readonly<Record<Act, Message>> = {
  pause: (run, by, id) => run.startUpdate(pauseUpdate, { args: [by], ...accepted(id) }),
  resume: (run, by, id) => run.startUpdate(resumeUpdate, { args: [by], ...accepted(id) }),
  'recover-now': (run, by, id) => run.startUpdate(recoverNowUpdate, { args: [by], ...accepted(id) }),
  cancel: (run, by, id) =>
    run.startUpdate(cancelUpdate, { args: [{ ...by, reason: 'no longer wanted' }], ...accepted(id) }),
  'set-interval': (run, by, id) =>
    run.startUpdate(setCheckpointIntervalUpdate, { args: [{ ...by, seconds: 450 }], ...accepted(id) }),
  'skip-window': (run, by, id, { world }) => {
    const from = Math.floor(world.schedule.steps / 2) * GLOBAL_BATCH;
    const window = { phase: 'p1', from, to: from + 7 * GLOBAL_BATCH };
    return run.startUpdate(skipWindowUpdate, { args: [{ ...by, ...window }], ...accepted(id) });
  },
  'wake-up': (run) => run.signal(wakeUpSignal),
};

/**
 * Until the workflow has asked for this activity's cancellation, then until the worker has heard of it. The test server tells of a canceled
 * workflow in its answer to a heartbeat before that, and a try that ended by it would break the workflow's replay.
 */
async function untilCanceled(sim: Simulated, patience: number): Promise<void> {
  const context = Context.current();
  const deadline = performance.now() + patience;
  while (performance.now() < deadline && !(await isCancelAsked(context))) await sleep(10);
  if (performance.now() >= deadline) return;
  while (performance.now() < deadline && !context.cancellationSignal.aborted) {
    context.heartbeat(sim.details.get(keyOf(context)));
    await sleep(10);
  }
  context.cancellationSignal.throwIfAborted();
}

/** Read from the history: the server's description of an activity says so also where only the workflow was canceled. */
async function isCancelAsked({ info }: Context): Promise<boolean> {
  const { workflowExecution, activityId } = info;
  const run = getClient().workflow.getHandle(workflowExecution?.workflowId ?? '', workflowExecution?.runId);
  const events = (await run.fetchHistory()).events ?? [];
  const own = events.find((one) => one.activityTaskScheduledEventAttributes?.activityId === activityId);
  return events.some((one) => {
    const asked = one.activityTaskCancelRequestedEventAttributes;
    return asked !== null && asked !== undefined && String(asked.scheduledEventId) === String(own?.eventId);
  });
}
