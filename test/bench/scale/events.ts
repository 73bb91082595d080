import { Client, Connection } from '@temporalio/client';
import { RUN_WORKFLOW } from '../../../client.js';

const SEGMENTS_A_DAY = 2;

/** History events of a quiet run-day: a day is two watch segments of twelve hours, and one that is shorter costs the same. */
export async function eventsOfQuietDay(
  address: string,
  runs: readonly string[],
): Promise<{ day: number; segments: number }> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection });
    const lengths: number[] = [];
    for (const run of runs) {
      const query = `WorkflowType = '${RUN_WORKFLOW}' AND WorkflowId = '${run}' AND ExecutionStatus = 'ContinuedAsNew'`;
      const executions = [];
      for await (const execution of client.workflow.list({ query })) executions.push(execution);
      executions.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
      // The first one is the start of the run.
      for (const { historyLength } of executions.slice(1)) lengths.push(historyLength);
    }
    return { day: SEGMENTS_A_DAY * Math.max(...lengths), segments: lengths.length };
  } finally {
    await connection.close();
  }
}
