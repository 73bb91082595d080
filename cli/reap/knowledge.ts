import type { BerthaClient } from '../../client.js';
import { clustersOf } from '../../domain/clusters.js';
import type { AzureTarget, RunConfig } from '../../domain/config.js';
import type { Inventory, Knowledge, RunKnowledge } from '../../domain/orphans.js';

/** The part of the client that is asked. */
export type Asked = Pick<BerthaClient, 'knowledgeOf' | 'runNames' | 'configOf'>;

/**
 * Asks Temporal about every run that an inventory names, and about every live run which cluster it uses. Asked after the inventory was taken: a job
 * cannot be older than its run, so a run that has ended by now has left what was found.
 */
export async function gatherKnowledge(client: Asked, workspace: AzureTarget, inventory: Inventory): Promise<Knowledge> {
  const named = [...inventory.jobs, ...inventory.clusters].flatMap(({ run }) => run ?? []);
  const runs = new Map<string, RunKnowledge>();
  for (const run of new Set(named)) runs.set(run, await client.knowledgeOf(run));
  const live = inventory.clusters.length === 0 ? [] : await liveConfigs(client);
  return {
    run: (name) => runs.get(name) ?? { kind: 'unanswered', because: 'nobody asked' },
    users: (cluster) =>
      live
        ?.filter(
          ({ config }) => isSame(config.azure, workspace) && clustersOf(config).some(({ name }) => name === cluster),
        )
        .map(({ run }) => run) ?? null,
  };
}

/** True for two ways to write one workspace: Azure's names know no upper and lower case. */
export function isSame(one: AzureTarget, other: AzureTarget): boolean {
  return key(one) === key(other);
}

const key = ({ cloud, subscriptionId, resourceGroup, workspace }: AzureTarget) =>
  [cloud, subscriptionId, resourceGroup, workspace].join('/').toLowerCase();

async function liveConfigs(client: Asked): Promise<{ run: string; config: RunConfig }[] | null> {
  try {
    const names = await client.runNames('live');
    return await Promise.all(names.map(async (run) => ({ run, config: await client.configOf(run) })));
  } catch {
    return null;
  }
}
