import type { AmlCompute, JobBase } from '@azure/arm-machinelearning';
import type { HeldNode, Inventory, LivingJob, TaggedCluster } from '../domain/orphans.js';
import { listNodes } from './cluster.js';
import type { AzureConnection } from './connection.js';
import { calling } from './errors.js';
import { isTerminal } from './jobs.js';

/** Tag of everything that a run makes; its value is the run's name. */
const RUN_TAG = 'bertha.run';

/**
 * What a workspace holds that carries our tags, and who else is on clusters that do. One failed call fails it all: half an inventory would
 * make used things look unused.
 */
export async function takeInventory(azure: AzureConnection): Promise<Inventory> {
  const clusters = await taggedClusters(azure);
  // Strangers matter only where there is a cluster to take away from under them.
  const jobs = clusters.length === 0 ? await livingJobs(azure, RUN_TAG) : await livingJobs(azure);
  const ours = jobs.filter((job) => job.run !== null || clusters.some(({ name }) => name === job.cluster));
  const places = new Set([...clusters.map(({ name }) => name), ...ours.flatMap(({ cluster }) => cluster ?? [])]);
  const nodes = await Promise.all([...places].map((cluster) => heldNodes(azure, cluster)));
  return { jobs: ours, clusters, nodes: nodes.flat() };
}

/** Jobs that have not ended. @param tag only those that carry a tag of this name: the service filters by names, not by values */
async function livingJobs(azure: AzureConnection, tag?: string): Promise<LivingJob[]> {
  const { resourceGroup, workspace } = azure.target;
  const options = { listViewType: 'All', ...(tag === undefined ? {} : { tag }) };
  return calling('listing jobs', async () => {
    const jobs: LivingJob[] = [];
    for await (const item of azure.ml.jobs.list(resourceGroup, workspace, options)) {
      const job = livingJob(item);
      if (job !== null) jobs.push(job);
    }
    return jobs;
  });
}

function livingJob({ name, properties }: JobBase): LivingJob | null {
  const status = properties.status ?? 'Unknown';
  if (isTerminal(status)) return null;
  return { name: name ?? '', status, run: properties.tags?.[RUN_TAG] ?? null, cluster: lastPart(properties.computeId) };
}

async function taggedClusters(azure: AzureConnection): Promise<TaggedCluster[]> {
  const { resourceGroup, workspace } = azure.target;
  return calling('listing clusters', async () => {
    const clusters: TaggedCluster[] = [];
    for await (const { name, tags, properties } of azure.ml.computeOperations.list(resourceGroup, workspace)) {
      const run = tags?.[RUN_TAG];
      const isCluster = (properties as AmlCompute | undefined)?.computeType === 'AmlCompute';
      if (run !== undefined && isCluster) clusters.push({ name: name ?? '', run });
    }
    return clusters;
  });
}

/** A preempted node is listed for a while and costs nothing. */
async function heldNodes(azure: AzureConnection, cluster: string): Promise<HeldNode[]> {
  const nodes = await listNodes(azure, cluster);
  return nodes.filter(({ state }) => state !== 'preempted').map((node) => ({ ...node, cluster }));
}

const lastPart = (id: string | undefined) => (id === undefined || id === '' ? null : (id.split('/').at(-1) ?? null));
