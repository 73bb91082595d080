import { type Client, WorkflowFailedError, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { type PreparationProgress, preparationId } from '../domain/preparation.js';
import { CONTROL_TASK_QUEUE } from '../domain/task-queues.js';
import type { DataAction, DataInput, DataResult, dataWorkflow } from '../workflows/data/data.js';

/** All that can be asked of a dataset. */
export const DATA_ACTIONS = ['plan', 'prepare', 'convert', 'copy', 'verify'] as const satisfies readonly DataAction[];

export type { DataAction, DataInput, DataResult, PreparationProgress };

/** Work on a dataset without a run; its workflow has the name of the dataset and of what is done. */
export class DataWork {
  readonly id: string;
  private readonly handle: WorkflowHandle<typeof dataWorkflow>;

  private constructor(
    private readonly client: Client,
    input: DataInput,
  ) {
    this.id = idOf(input.request.data.name, input.action);
    this.handle = client.workflow.getHandle<typeof dataWorkflow>(this.id);
  }

  /** Asks all that is under way for a dataset to stop. @returns what was */
  static async cancelAll(client: Client, dataset: string): Promise<DataAction[]> {
    const canceled: DataAction[] = [];
    for (const action of DATA_ACTIONS) {
      const handle = client.workflow.getHandle(idOf(dataset, action));
      const state = await handle.describe().then(
        ({ status }) => status.name,
        (error: unknown) => {
          if (error instanceof WorkflowNotFoundError) return null;
          throw error;
        },
      );
      if (state !== 'RUNNING') continue;
      await handle.cancel();
      canceled.push(action);
    }
    return canceled;
  }

  /** Starts the work, or joins it where it is under way: the same asked for twice is done once. */
  static async begin(client: Client, input: DataInput): Promise<DataWork> {
    const work = new DataWork(client, input);
    await client.workflow.start<typeof dataWorkflow>('dataWorkflow', {
      workflowId: work.id,
      taskQueue: CONTROL_TASK_QUEUE,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `${input.action} dataset ${input.request.data.name}`,
    });
    return work;
  }

  /** @throws Error with the sentence that says what went wrong */
  async result(): Promise<DataResult> {
    return this.handle.result().catch((error: unknown) => {
      throw error instanceof WorkflowFailedError ? new Error(innermost(error), { cause: error }) : error;
    });
  }

  /** How far a preparation is; null where nobody can say it now. */
  async progress(): Promise<PreparationProgress | null> {
    const handle = this.client.workflow.getHandle(preparationId(this.id));
    return handle.query<PreparationProgress>('preparation').catch(() => null);
  }

  async cancel(): Promise<void> {
    await this.handle.cancel();
  }
}

const idOf = (dataset: string, action: DataAction) => `data-${dataset}-${action}`;

function innermost(error: Error): string {
  return error.cause instanceof Error ? innermost(error.cause) : error.message;
}
