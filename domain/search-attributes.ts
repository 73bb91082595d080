import { type OperatorFacts, operatorState } from './operator-details.js';

/**
 * What a run can be found by in Temporal: few, coarse, and never secret, because search attributes are stored in the clear.
 * They must be registered in the namespace before a run uses them: an unregistered one fails its workflow task for ever.
 */
export const SEARCH_ATTRIBUTES = {
  /** An `OperatorState`. */
  BerthaState: 'Keyword',
  /** Phase that trains, or the last one that did. */
  BerthaPhase: 'Keyword',
  /** The open job, or the last one. */
  BerthaJob: 'Keyword',
  /** Attempts of the phase submitted so far. */
  BerthaAttempt: 'Int',
  /** Step of the newest checkpoint that counts. */
  BerthaStep: 'Int',
} as const;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;
export type SearchAttributeKind = (typeof SEARCH_ATTRIBUTES)[SearchAttributeName];

/** Value of each attribute; null where it stays what it was. */
export type SearchAttributeValues = Readonly<Record<SearchAttributeName, string | number | null>>;

export function searchAttributesOf(facts: Pick<OperatorFacts, 'status' | 'doing'>): SearchAttributeValues {
  const { phase, attempt, jobName, head } = facts.status;
  return {
    BerthaState: operatorState(facts),
    BerthaPhase: phase,
    BerthaJob: jobName,
    BerthaAttempt: phase === null ? null : attempt,
    BerthaStep: phase === null ? null : (head?.step ?? 0),
  };
}
