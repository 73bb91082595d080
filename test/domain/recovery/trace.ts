import { type AttemptRecord, type PhaseState, newPhase } from '../../../domain/attempts.js';
import type { CheckpointRef } from '../../../domain/checkpoints.js';
import type { RunConfig } from '../../../domain/config.js';
import type { JobEnding } from '../../../domain/endings/names.js';
import { type Decision, decide } from '../../../domain/recovery.js';
import { attempt, checkpoint, configWith } from '../samples.js';

/** An attempt in a trace: how it ended, and the step of the newest checkpoint that verified afterwards. */
export type Event = readonly [JobEnding, number | null, Partial<AttemptRecord>?];

type Recovery = Partial<RunConfig['recovery']>;

/** Plays a trace of attempts through the policy; ends at the first decision that does not resume. */
export function play(
  events: readonly Event[],
  recovery: Recovery = { userErrors: 2, attemptsWithoutProgress: 5 },
): Decision[] {
  const decisions: Decision[] = [];
  let phase: PhaseState = newPhase('p1');
  for (const [ending, step, over = {}] of events) {
    const head: CheckpointRef | null = step === null ? null : checkpoint(step);
    const ended = attempt({ ending, because: `because of ${ending}`, ...over });
    const decision = decide(configWith({ recovery }), phase, ended, head);
    decisions.push(decision);
    if (decision.action !== 'resume') break;
    phase = decision.phase;
  }
  return decisions;
}

export const inWords = (decision: Decision) =>
  decision.action === 'resume' ? `resume ${decision.from?.step ?? 'from nothing'}` : decision.action;
export const words = (...args: Parameters<typeof play>) => play(...args).map(inWords);
export const last = (decisions: Decision[]) => decisions.at(-1);
