import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { RunConfig } from '../domain/config.js';

/** The config that a run was started with: the first event of its history holds it. @returns null where it does not */
export async function configIn(client: Client, namespace: string, run: string): Promise<RunConfig | null> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId: run },
    maximumPageSize: 1,
  });
  const payload = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (payload === undefined || payload === null) return null;
  return defaultPayloadConverter.fromPayload<{ config: RunConfig }>(payload).config;
}
