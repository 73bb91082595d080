import { type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import type { RunKnowledge } from '../domain/orphans.js';
import { ENDED } from './run-view.js';

/** Whether a run lives, as far as this Temporal knows; a server that gives no answer is an answer too. Never throws. */
export async function knowledgeOf(handle: WorkflowHandle): Promise<RunKnowledge> {
  try {
    const { name } = (await handle.describe()).status;
    const how = ENDED[name];
    return how === undefined ? { kind: 'live' } : { kind: 'ended', how };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { kind: 'not-known' };
    return { kind: 'unanswered', because: error instanceof Error ? error.message : String(error) };
  }
}
