import { refusalOf } from '../../../domain/command-refusals.js';
import { type Command, fulfilled, obey } from '../../../domain/commands.js';
import { newControl } from '../../../domain/control.js';
import { attemptName } from '../../../domain/names.js';
import type { EndedByUs } from '../../../domain/endings/evidence.js';
import type { EndStatus } from '../../../domain/proof.js';
import type { Decision } from '../../../domain/recovery.js';
import { mergedWindows } from '../../../domain/skip-windows.js';
import { newWatch } from '../../../domain/watch/memory.js';
import { letGo } from './keeping.js';
import { jobName } from './past.js';
import { settle } from './settling.js';
import { flush, note } from './journal.js';
import { chooseCluster, pauseUntilDue } from './clusters.js';
import { affordable, isSpent, leased } from './money.js';
import { type Context, type Open, factsOf } from './state.js';
import { PERSON_SECONDS, bringToItsEnd, decideToEnd, prove } from './stopping.js';
import { claim } from './taking-up.js';
import { watch } from './watching.js';
import { TemporalLost } from './worker.js';

export interface Outcome {
  readonly outcome: 'completed' | 'failed' | 'canceled';
  readonly failure: Extract<Decision, { action: 'fail' }> | null;
}

/**
 * A phase of a run, attempt after attempt, by the pure decisions alone and in the order in which `workflows/phase.ts` takes them:
 * submit, watch, bring to an end, prove it, settle, decide. Temporal may forget it on the way.
 */
export function runPhase(context: Context): Outcome {
  for (;;) {
    try {
      claim(context);
      return trainPhase(context);
    } catch (error) {
      if (!(error instanceof TemporalLost)) throw error;
    }
  }
}

/** A message of an operator. @returns whether it was carried out, at once, and not refused */
export function receive(context: Context, command: Command): boolean {
  const { state, world } = context;
  const facts = factsOf(state);
  if (refusalOf(command, state.operator, facts) !== null) return false;
  const { operator, effect } = obey(command, state.operator, facts, world.now);
  state.operator = operator;
  state.asked.push(command);
  if (effect !== null)
    note(context, { kind: 'operator', command: command.kind, by: command.by, effect, asked: command });
  return true;
}

function trainPhase(context: Context): Outcome {
  const { state } = context;
  for (;;) {
    const over = state.decision === null ? null : outcomeOf(state.decision);
    if (over !== null) return finish(context, over);
    if (state.open === null) {
      if (state.operator.canceled !== null) return finish(context, { outcome: 'canceled', failure: null });
      if (!mayStart(context)) continue;
      if (isSpent(context)) return finish(context, { outcome: 'failed', failure: null });
      submitNextAttempt(context);
    }
    if (state.open === null) continue;
    const status = watchToTheEnd(context, state.open);
    settle(context, state.open, status);
  }
}

function outcomeOf(decision: Decision): Outcome | null {
  if (decision.action === 'advance') return { outcome: 'completed', failure: null };
  return decision.action === 'fail' ? { outcome: 'failed', failure: decision } : null;
}

/** Who asked for the end before the run had one gets it, whatever the last job came to. */
function finish({ state }: Context, ended: Outcome): Outcome {
  state.ended = true;
  return state.operator.canceled === null ? ended : { outcome: 'canceled', failure: null };
}

/** What stands before a submission: an operator's pause, a hold, want of capacity. True when the time has come. */
function mayStart(context: Context): boolean {
  const { state } = context;
  const { decision } = state;
  if (state.operator.paused !== null) return waitForPerson(context);
  const holds = decision?.action === 'hold';
  if (holds && !state.held) {
    state.operator = fulfilled(state.operator);
    state.held = true;
  }
  if (state.held && !state.operator.released && context.world.now < state.heldUntil) return waitForPerson(context);
  state.held = false;
  state.operator = fulfilled(state.operator);
  state.decision = null;
  const waits = decision?.action === 'resume' ? decision.waitSeconds : 0;
  if (waits > 0) pause(context, pauseUntilDue(context, waits));
  return state.operator.paused === null && state.operator.canceled === null;
}

function pause({ worker, listener }: Context, seconds: number): void {
  listener.delayed();
  worker.sleep(seconds);
}

function waitForPerson(context: Context): false {
  const { world, worker, listener, state } = context;
  listener.delayed();
  const since = world.now;
  const isHold = state.operator.paused === null;
  worker.sleep(isHold ? Math.min(PERSON_SECONDS, (state.heldUntil - world.now) / 1000) : PERSON_SECONDS);
  const nobodyElseCame = world.now - since >= PERSON_SECONDS * 1000;
  if (nobodyElseCame) receive(context, { id: `person-${world.now}`, by: 'person', kind: 'resume' });
  return false;
}

/** Number and name are fixed before the call: however often it is repeated, it makes one job. */
function submitNextAttempt(context: Context): void {
  const { state, world, worker, calls, listener } = context;
  const attempt = state.phase.attempts + 1;
  state.phase = { ...state.phase, attempts: attempt };
  const resumedFrom = state.phase.head;
  const name = jobName(attempt);
  const skipWindows = mergedWindows([...state.phase.skipWindows, ...(state.operator.skipWindows['p1'] ?? [])]);
  const cluster = chooseCluster(context).name;
  const open: Open = { attempt, jobName: name, submittedAt: world.now, resumedFrom, cluster, ending: null };
  const request = {
    ...{ name, cluster },
    attempt: attemptName(attempt),
    resume: resumedFrom,
    skipWindows,
    timeoutSeconds: wholeSeconds(affordable(context)),
  };
  listener.submitting(open);
  const { adopted } = worker.call('submit', () => calls.submit(request));
  listener.submitted();
  Object.assign(state, { open, watch: newWatch(), control: leased(context, newControl(world.now)) });
  const resumeStep = resumedFrom?.step ?? null;
  note(context, { kind: 'job-submitted', phase: 'p1', jobName: name, resumeStep, adopted });
  flush(context);
}

const wholeSeconds = (seconds: number | null) => (seconds === null ? null : Math.ceil(seconds));

/** Until the job has ended, by itself or by us. */
function watchToTheEnd(context: Context, open: Open): EndStatus {
  // Before the first look nothing is known that could speak against the cancel.
  if (context.state.operator.canceled !== null && open.ending === null) return stop(context, open, { for: 'run-end' });
  letGo(context, open);
  if (open.ending !== null) return bringToItsEnd(context, open);
  for (;;) {
    const watched = watch(context, open);
    if (watched.kind === 'stop') return stop(context, open, watched.by);
    if (watched.status !== 'NotFound') return watched.status;
    const status = prove(context, open.jobName, false);
    if (status !== 'alive') return status;
    context.state.watch = { ...context.state.watch, absentSince: null };
  }
}

/** Where the run ends nobody waits for the trainer: Azure's cancel warns it too. */
function stop(context: Context, open: Open, by: EndedByUs): EndStatus {
  const ending = decideToEnd(context, open, by);
  return by.for === 'run-end' ? (prove(context, open.jobName, true) as EndStatus) : bringToItsEnd(context, ending);
}
