import type { BerthaClient } from '../../client.js';
import type { AzureConnection } from '../../azure/connection.js';
import { type Finding, actionable, findOrphans } from '../../domain/orphans.js';
import { pause } from '../interrupt.js';
import { gatherKnowledge } from './knowledge.js';

export interface ReapOptions {
  readonly client: Pick<BerthaClient, 'knowledgeOf' | 'runNames' | 'configOf'>;
  readonly azure: AzureConnection;
  /** Also what belongs to runs that this Temporal does not know. */
  readonly forgotten: boolean;
  readonly signal: AbortSignal;
  /** How long a canceled job may take to end. */
  readonly patienceMs?: number;
  readonly lookEveryMs?: number;
}

/** What was done about a finding, and whether it is proven. */
export interface Done {
  readonly finding: Finding;
  readonly proven: boolean;
  readonly outcome: string;
}

const PATIENCE_MS = 10 * 60_000;
const LOOK_EVERY_MS = 2000;

/** What a workspace holds that belongs to no live run. Changes nothing. @throws AzureError where the workspace does not answer: then nothing is known */
export async function survey({ client, azure }: Pick<ReapOptions, 'client' | 'azure'>): Promise<Finding[]> {
  const { takeInventory } = await import('../../azure/inventory.js');
  const inventory = await takeInventory(azure);
  return findOrphans(inventory, await gatherKnowledge(client, azure.target, inventory));
}

/**
 * Ends what may be ended: jobs first, clusters once their jobs are proven to have ended. Before each act everything is looked at anew, and what is no
 * longer an orphan is left alone. Safe to repeat.
 */
export async function reap(options: ReapOptions, found: readonly Finding[]): Promise<Done[]> {
  const done: Done[] = [];
  for (const finding of actionable(found, options)) {
    if (options.signal.aborted) break;
    done.push(await reapOne(options, finding));
  }
  return done;
}

async function reapOne(options: ReapOptions, finding: Finding): Promise<Done> {
  const now = actionable(await survey(options), options);
  const still = now.some(
    ({ kind, name, run }) => kind === finding.kind && name === finding.name && run === finding.run,
  );
  if (!still)
    return { finding, proven: false, outcome: 'left alone: it is no orphan any more, or it has ended by itself' };
  return finding.kind === 'job' ? endJob(options, finding) : removeCluster(options, finding);
}

async function endJob(options: ReapOptions, finding: Finding): Promise<Done> {
  const { azure, signal, patienceMs = PATIENCE_MS, lookEveryMs = LOOK_EVERY_MS } = options;
  const { getJob, isTerminal, requestCancel } = await import('../../azure/jobs.js');
  await requestCancel(azure, finding.name);
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const job = await getJob(azure, finding.name);
    if (job === null) return { finding, proven: true, outcome: 'gone' };
    if (isTerminal(job.status)) return { finding, proven: true, outcome: `canceled and proven ended (${job.status})` };
    if (Date.now() > deadline || signal.aborted)
      return { finding, proven: false, outcome: `cancel requested, still ${job.status}: look again` };
    await pause(lookEveryMs, signal);
  }
}

async function removeCluster({ azure }: ReapOptions, finding: Finding): Promise<Done> {
  const { deleteCluster, getCluster } = await import('../../azure/cluster.js');
  await deleteCluster(azure, finding.name);
  const left = await getCluster(azure, finding.name);
  return left === null
    ? { finding, proven: true, outcome: 'deleted with its nodes, and proven gone' }
    : { finding, proven: false, outcome: `deletion requested, still ${left.provisioningState}: look again` };
}
