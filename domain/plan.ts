import type { Operator } from './commands.js';
import { type StageName, stageTitle } from './events.js';

/** What a run does next, in words that an operator can act on. */
export interface RunPlan {
  readonly now: string;
  readonly next: string;
  /** Set while an operator's pause holds. */
  readonly paused: Operator['paused'];
  /** What a person is waited for; null while the run goes on by itself. */
  readonly held: string | null;
  /** Stages that are still to come, in order. */
  readonly stagesToCome: readonly StageName[];
}

/** What the plan is made of. */
export interface PlanFacts {
  readonly stage: StageName;
  readonly stagesToCome: readonly StageName[];
  readonly jobName: string | null;
  readonly headStep: number | null;
  /** Steps of the phase that trains; null in other stages. */
  readonly steps: number | null;
  readonly operator: Pick<Operator, 'paused' | 'canceled' | 'recoverNow'>;
  readonly held: string | null;
  readonly outcome: string | null;
}

/** The plan of a run at this moment. */
export function planOf(facts: PlanFacts): RunPlan {
  const { operator, held, stagesToCome } = facts;
  return { now: nowWords(facts), next: nextWords(facts), paused: operator.paused, held, stagesToCome };
}

function nowWords({ stage, jobName, held, operator, outcome }: PlanFacts): string {
  if (outcome !== null) return `the run has ended: ${outcome}`;
  if (held !== null) return `waiting for a person: ${held}`;
  if (operator.paused !== null && jobName === null) return `paused by ${operator.paused.by ?? 'somebody'}`;
  return jobName === null ? `in ${stageTitle(stage)}` : `watching job ${jobName}`;
}

function nextWords(facts: PlanFacts): string {
  const { jobName, held, steps, operator, outcome } = facts;
  if (outcome !== null) return 'nothing, the run has ended';
  if (operator.canceled !== null) return 'the job is ended, the report written';
  if (held !== null) return 'nothing is submitted until somebody says resume';
  if (steps === null) return stageWords(facts);
  if (operator.paused !== null) return pausedWords(facts);
  if (operator.recoverNow)
    return `job ${jobName ?? ''} saves and ends, the next attempt begins from the newest checkpoint`;
  if (jobName === null) return `the next attempt is submitted, from ${from(facts)}`;
  return `when the job ends: ${onward(facts)} if step ${steps} is saved and verifies, else another attempt goes on from ${from(facts)}, or newer`;
}

function stageWords({ stage, stagesToCome, operator }: PlanFacts): string {
  const [coming] = stagesToCome;
  const words =
    stage === 'finalize' || coming === undefined
      ? 'the report, then the end'
      : `${stageTitle(coming)}, once ${stageTitle(stage)} is done`;
  return operator.paused === null ? words : `${words}; no job is submitted until somebody says resume`;
}

function pausedWords(facts: PlanFacts): string {
  const { jobName } = facts;
  const first = jobName === null ? '' : `job ${jobName} saves and ends; `;
  return `${first}nothing is submitted until somebody says resume, then training goes on from ${from(facts)}`;
}

function onward({ stagesToCome }: PlanFacts): string {
  const [coming] = stagesToCome;
  return coming === undefined || coming === 'finalize' ? 'the run is finalized' : `${stageTitle(coming)} begins`;
}

const from = ({ headStep }: PlanFacts) => `step ${headStep ?? 0}`;
