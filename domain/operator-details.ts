import { describeEvent, stageTitle } from './events.js';
import { duration } from './duration.js';
import type { RunStatus, TrainingProgress } from './status.js';

/** What a run is doing, in one word that a person would search for. */
export type OperatorState =
  | 'preflight'
  | 'data'
  | 'infrastructure'
  /** The job is known to wait for nodes. */
  | 'queued'
  /** A job of ours is with Azure ML. It may still wait for nodes: the heartbeat of the pending activity `watchJob` says which. */
  | 'training'
  /** Stopped by a person, to be resumed by one. */
  | 'paused'
  /** Waits for something outside (capacity, credentials) before it submits again. */
  | 'holding'
  /** Between two attempts: an ending is being explained, or the next job submitted. */
  | 'recovering'
  | 'finalizing'
  | 'completed'
  | 'failed'
  | 'canceled';

/** What an operator is told from. */
export interface OperatorFacts {
  readonly status: RunStatus;
  /** What the workflow knows better than its status can say (paused, holding, queued). */
  readonly doing?: OperatorState | null;
  /** What the watch said last of the open job: it may have saved since. */
  readonly seen?: TrainingProgress | null;
  /** What comes next, in words (`domain/plan.ts`). */
  readonly next: string;
}

export function operatorState({ status, doing }: Pick<OperatorFacts, 'status' | 'doing'>): OperatorState {
  if (status.outcome !== null) return status.outcome;
  if (doing !== undefined && doing !== null) return doing;
  switch (status.stage) {
    case 'preflight':
    case 'data':
    case 'infrastructure':
      return status.stage;
    case 'finalize':
      return 'finalizing';
    default:
      return status.jobName === null ? 'recovering' : 'training';
  }
}

/**
 * Where a run is, for the Temporal UI (Temporal markdown, shown under "Current Details"): phase, attempt, job, last checkpoint, what comes next.
 * @param now epoch milliseconds at which this is written: the text stays until the run says something new
 */
export function operatorDetails(facts: OperatorFacts, now: number): string {
  const { status } = facts;
  const last = status.events.at(-1);
  return [
    `**${operatorState(facts)}**: ${placeWords(status)}`,
    '',
    ...(status.phase === null ? [] : [`- **Checkpoint**: ${checkpointWords(facts, now)}`]),
    `- **Next**: ${facts.next}`,
    ...(last === undefined ? [] : [`- **Last event**: ${utc(last.at)}, ${oneLine(describeEvent(last))}`]),
    ...(status.jobName === null
      ? []
      : ['- **Live** step, loss and newer checkpoints: pending activity `watchJob`, heartbeat details']),
    `- Written ${utc(now)}`,
  ].join('\n');
}

function placeWords(status: RunStatus): string {
  const { stage, phase, attempt, jobName, because } = status;
  if (status.outcome !== null) return oneLine(because ?? 'no reason given');
  if (phase === null) return stageTitle(stage);
  const which = attempt === 0 ? 'before its first attempt' : `attempt ${attempt}`;
  return `phase ${phase}, ${which}${jobName === null ? '' : `, job \`${jobName}\``}`;
}

function checkpointWords({ status, seen }: OperatorFacts, now: number): string {
  const { phase, phases, head, jobName } = status;
  const steps = phases.find(({ name }) => name === phase)?.steps ?? 0;
  const known = head === null ? null : { step: head.step, at: Date.parse(head.at), by: head.attempt };
  const ofOpenJob = seen?.jobName === jobName && seen.checkpointStep !== null && seen.checkpointAt !== null;
  const newer = ofOpenJob ? { step: seen.checkpointStep, at: seen.checkpointAt, by: 'the open job' } : null;
  const newest = newer !== null && newer.step > (known?.step ?? 0) ? newer : known;
  if (newest === null) return `none yet, of ${steps} steps`;
  const age = duration(Math.max(0, (now - newest.at) / 1000));
  return `step ${newest.step} of ${steps}, saved ${utc(newest.at)} by ${newest.by} (${age} before this was written)`;
}

/** `2026-11-23 01:02:03 UTC` */
const utc = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const oneLine = (text: string) => text.replace(/\s+/g, ' ').slice(0, 300);
