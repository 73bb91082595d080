import type { Operator } from './commands.js';
import type { StageName } from './events.js';

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
  return jobName === null ? `in stage ${stage}` : `watching job ${jobName}`;
}

function nextWords({ jobName, held, headStep, operator, outcome }: PlanFacts): string {
  if (outcome !== null) return 'nothing';
  if (operator.canceled !== null) return 'the job is ended, the report written';
  if (held !== null) return 'nothing is submitted until somebody says resume';
  const from = headStep === null ? 'step 0, for no checkpoint exists yet' : `step ${headStep}`;
  if (operator.paused !== null) {
    const first = jobName === null ? '' : `job ${jobName} saves and ends; `;
    return `${first}nothing is submitted until somebody says resume, then training goes on from ${from}`;
  }
  if (operator.recoverNow)
    return `job ${jobName ?? ''} saves and ends, the next attempt begins from the newest checkpoint`;
  if (jobName === null) return 'the next attempt is submitted';
  return headStep === null
    ? 'should it end early, training goes on from what it has saved by then, else from step 0'
    : `should it end early, training goes on from step ${headStep} or newer`;
}
