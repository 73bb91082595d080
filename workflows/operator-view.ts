import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributeUpdatePair } from '@temporalio/common';
import { type OperatorFacts, operatorDetails } from '../domain/operator-details.js';
import { SEARCH_ATTRIBUTES, type SearchAttributeName, searchAttributesOf } from '../domain/search-attributes.js';

/** Shows an operator who has nothing but Temporal where the run is. Answered by a query: costs no history event. */
export function showDetails(facts: OperatorFacts): void {
  setCurrentDetails(operatorDetails(facts, Date.now()));
}

/**
 * The same for lists of runs: costs a history event where a value changed, none otherwise. Only where the client found the attributes
 * registered: an unregistered one fails the workflow task for ever.
 */
export function showAttributes(facts: OperatorFacts): void {
  const changed = changedAttributes(facts);
  if (changed.length > 0) upsertSearchAttributes(changed);
}

function changedAttributes(facts: OperatorFacts): SearchAttributeUpdatePair[] {
  const now = workflowInfo().typedSearchAttributes;
  return Object.entries(searchAttributesOf(facts)).flatMap(([name, value]) => {
    const key = keyOf(name as SearchAttributeName);
    const stays = value === null || now.get(key) === value;
    return stays ? [] : [{ key, value } as SearchAttributeUpdatePair];
  });
}

function keyOf(name: SearchAttributeName) {
  const type = SEARCH_ATTRIBUTES[name] === 'Int' ? SearchAttributeType.INT : SearchAttributeType.KEYWORD;
  return defineSearchAttributeKey(name, type);
}
