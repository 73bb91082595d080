import { type Command, type CommandKind, commandWords } from './commands.js';
import { standingWords } from './deadline/words.js';
import { type JobEnding, isPreemption } from './endings/names.js';
import { type BudgetAlert, budgetAlertWords } from './money/alerts.js';
import { type WatchAlert, alertWords, limitWords } from './watch/alerts.js';
import type { LimitName } from './watch/limits.js';

/** What happens in a run, in the order it happened. The journal in Blob holds all of them, workflow state the last few. */
export type RunEventBody =
  | { readonly kind: 'run-started'; readonly continued: boolean }
  | { readonly kind: 'stage-started'; readonly stage: StageName }
  | { readonly kind: 'stage-done'; readonly stage: StageName; readonly summary: string }
  | {
      readonly kind: 'job-submitted';
      readonly phase: string;
      readonly jobName: string;
      readonly resumeStep: number | null;
      readonly adopted: boolean;
      /** The checkpoint interval that it begins with and why, where the config leaves that to be chosen. */
      readonly interval?: { readonly seconds: number; readonly because: string };
      /** Absent: the config's own. */
      readonly cluster?: string;
    }
  /** The next attempt goes to another cluster than the one before. */
  | { readonly kind: 'cluster-chosen'; readonly phase: string; readonly cluster: string; readonly because: string }
  | {
      readonly kind: 'attempt-ended';
      readonly phase: string;
      readonly jobName: string;
      readonly ending: JobEnding;
      readonly lastStep: number | null;
      readonly because: string;
      readonly preemptedNodes: readonly string[];
    }
  | { readonly kind: 'checkpoint-rejected'; readonly path: string; readonly reason: string }
  | { readonly kind: 'watch-blind'; readonly jobName: string; readonly reason: string }
  | { readonly kind: 'resuming'; readonly phase: string; readonly step: number | null; readonly reason: string }
  /** What the watch saw: a limit half over, a restart in place, a warning, blindness and sight again. */
  | { readonly kind: 'watch-alert'; readonly jobName: string; readonly alert: WatchAlert }
  | {
      readonly kind: 'limit-passed';
      readonly jobName: string;
      readonly limit: LimitName;
      readonly seconds: number;
      readonly limitSeconds: number;
    }
  | { readonly kind: 'end-proven'; readonly jobName: string; readonly because: string }
  | { readonly kind: 'checkpoint-quarantined'; readonly path: string; readonly to: string; readonly reason: string }
  | { readonly kind: 'checkpoints-removed'; readonly phase: string; readonly count: number; readonly reason: string }
  /** The next attempt is submitted after a pause. */
  | { readonly kind: 'waiting'; readonly phase: string; readonly seconds: number; readonly reason: string }
  /** Nothing is submitted until a person acts. */
  | { readonly kind: 'held'; readonly phase: string; readonly reason: string; readonly nextCommand: string }
  | {
      readonly kind: 'operator';
      readonly command: CommandKind;
      /** Who, as far as the caller said. */
      readonly by: string | null;
      readonly effect: string;
      /** The command itself: whoever takes the run up carries it out again. */
      readonly asked?: Command;
    }
  /** A share of the budget is spent (`cost.alertAt`). */
  | ({ readonly kind: 'budget-alert'; readonly currency: string } & BudgetAlert)
  /** Messages that the webhook did not take (`alerts.webhook`). */
  | { readonly kind: 'untold'; readonly count: number; readonly reason: string }
  /** Worth a person's attention, though the run goes on. */
  | { readonly kind: 'alert'; readonly phase: string; readonly text: string }
  | { readonly kind: 'phase-done'; readonly phase: string; readonly step: number; readonly summary: string }
  | { readonly kind: 'run-ended'; readonly outcome: RunOutcome; readonly because: string };

export type RunEvent = RunEventBody & { readonly sequence: number; /** Epoch milliseconds. */ readonly at: number };

/** Stages of a run in order; every phase is one stage of its own, named `phase:<name>`. */
export type StageName = 'preflight' | 'data' | 'infrastructure' | `phase:${string}` | 'finalize';

export type RunOutcome = 'completed' | 'failed' | 'canceled';

function limitSentence({
  jobName,
  limit,
  seconds,
  limitSeconds,
}: Extract<RunEventBody, { kind: 'limit-passed' }>): string {
  if (limit === 'deadline')
    return `job ${jobName} saves and is ended, another goes on elsewhere: ${standingWords({ needed: seconds, left: limitSeconds })}`;
  const what = `job ${jobName} ${limitWords[limit]} for ${Math.round(seconds)} s`;
  return limit === 'budget'
    ? `${what}, and the budget pays for no more: it saves and is ended`
    : `${what}, longer than ${Math.round(limitSeconds)} s: it is ended and followed by another`;
}

/** An event in plain words, one line. */
export function describeEvent(event: RunEventBody): string {
  switch (event.kind) {
    case 'run-started':
      return event.continued ? 'run continued from its checkpoints' : 'run started';
    case 'stage-started':
      return `${stageTitle(event.stage)} started`;
    case 'stage-done':
      return `${stageTitle(event.stage)} done: ${event.summary}`;
    case 'job-submitted':
      return (
        `job ${event.jobName} ${event.adopted ? 'found running and adopted' : 'submitted'}` +
        (event.resumeStep === null ? ', training from step 0' : `, continuing behind step ${event.resumeStep}`) +
        (event.interval === undefined
          ? ''
          : `; a checkpoint every ${event.interval.seconds} s at first (${event.interval.because})`)
      );
    case 'cluster-chosen':
      return event.because;
    case 'attempt-ended':
      return endingSentence(event);
    case 'checkpoint-rejected':
      return `checkpoint ${event.path} refused: ${event.reason}`;
    case 'watch-blind':
      return `job ${event.jobName} cannot be looked at and is left alone; the next look comes later: ${event.reason}`;
    case 'resuming':
      return event.step === null ? `NOTE: ${event.reason}` : event.reason;
    case 'watch-alert':
      return `job ${event.jobName} ${alertWords(event.alert)}`;
    case 'limit-passed':
      return limitSentence(event);
    case 'end-proven':
      return `job ${event.jobName} is proven to have ended: ${event.because}`;
    case 'checkpoint-quarantined':
      return `checkpoint ${event.path} moved to ${event.to}: ${event.reason}`;
    case 'checkpoints-removed':
      return `${event.count} ${event.count === 1 ? 'checkpoint' : 'checkpoints'} of phase ${event.phase} removed: ${event.reason}`;
    case 'waiting':
      return `the next attempt of phase ${event.phase} is submitted in ${Math.round(event.seconds)} s: ${event.reason}`;
    case 'held':
      return `NOTE: ${event.reason}; go on with: ${event.nextCommand}`;
    case 'operator':
      return `${commandWords[event.command]} by ${event.by ?? 'somebody'}: ${event.effect}`;
    case 'budget-alert':
      return `NOTE: ${budgetAlertWords(event, event.currency)}`;
    case 'untold':
      return `NOTE: ${event.count} ${event.count === 1 ? 'message' : 'messages'} did not reach the webhook: ${event.reason}; what there was to say stands among these events`;
    case 'alert':
      return `NOTE: ${event.text}`;
    case 'phase-done':
      return `phase ${event.phase} done at step ${event.step}: ${event.summary}`;
    case 'run-ended':
      return `run ${event.outcome}: ${event.because}`;
  }
}

export function stageTitle(stage: StageName): string {
  return stage.startsWith('phase:') ? `phase ${stage.slice('phase:'.length)}` : stage;
}

function endingSentence(event: Extract<RunEventBody, { kind: 'attempt-ended' }>): string {
  const at = event.lastStep === null ? 'before its first step' : `at step ${event.lastStep}`;
  const nodes = event.preemptedNodes;
  if (isPreemption(event.ending)) {
    const who =
      nodes.length === 0
        ? `job ${event.jobName}`
        : `${nodes.length === 1 ? 'node' : 'nodes'} ${nodes.map(shortNode).join(', ')} of job ${event.jobName}`;
    return `${who} ${nodes.length > 1 ? 'were' : 'was'} preempted ${at}`;
  }
  if (event.ending === 'completed') return `job ${event.jobName} completed ${at}`;
  return `job ${event.jobName} ended ${event.ending} ${at}: ${event.because}`;
}

/** The node's number where it is known (`1 (tvmps_...)`), else the beginning of Azure's long random id. The journal holds it whole. */
const shortNode = (label: string) => /^(\d+) \(/.exec(label)?.[1] ?? (label.length > 16 ? label.slice(0, 14) : label);
