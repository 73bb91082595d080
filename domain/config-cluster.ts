import { z } from 'zod';

/** The sections of the run config that say on which nodes it runs. */

const clusterName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9-]{1,31}$/, 'a cluster name has 2 to 32 letters, digits and "-" and begins with a letter');
const priority = z.enum(['low_priority', 'dedicated']).default('low_priority');
const nodes = z.int().min(1).max(100);
const processesPerNode = z.int().min(1).max(16);

const alternative = z
  .strictObject({
    name: clusterName.describe('AmlCompute cluster; created when it is first needed, never changed where it exists.'),
    sku: z.string().min(1).describe('VM size of its nodes.'),
    priority: priority.describe('Tier of its nodes. The first dedicated one is where a deadline leads.'),
    nodes: nodes.optional().describe('Nodes of a job there; absent: as many as of the cluster.'),
    processesPerNode: processesPerNode
      .optional()
      .describe('Training processes a node there; absent: as of the cluster.'),
    pricePerNodeHour: z
      .number()
      .min(0)
      .optional()
      .describe('What a node of it costs an hour, by your contract; absent: read where the price of the cluster is.'),
  })
  .describe('Another cluster of the same workspace.');

export const cluster = z
  .strictObject({
    name: clusterName.describe('AmlCompute cluster; created if it does not exist, never changed if it does.'),
    sku: z.string().min(1).describe('VM size of the nodes, for example Standard_ND96asr_v4.'),
    priority: priority.describe('Tier of the nodes; low priority is cheap and preemptible.'),
    nodes: nodes.describe('Nodes of every job.'),
    processesPerNode: processesPerNode.describe('Training processes a node: one per GPU.'),
    idleSecondsBeforeScaleDown: z
      .int()
      .min(1)
      .default(120)
      .describe('How long an idle node is kept before it is given back.'),
    alternatives: z
      .array(alternative)
      .optional()
      .describe(
        'Clusters that are tried in this order, one after each refusal for want of capacity. With a deadline dedicated ones are left for the time when only they can keep it.',
      ),
  })
  .describe('The nodes.');

type Issue = { code: 'custom'; path: (string | number)[]; message: string };

interface Checked {
  readonly cluster: z.output<typeof cluster>;
  readonly phases: readonly { readonly name: string; readonly globalBatch: number; readonly microBatch: number }[];
  readonly trainer: { readonly worldSizeMayChange?: boolean | undefined };
}

/** Clusters that cannot stand for each other, and batches that one of them cannot divide. */
export function clusterIssues(config: Checked): Issue[] {
  const { cluster, phases } = config;
  const alternatives = cluster.alternatives ?? [];
  const own = batchIssues(phases, cluster, (index) => ['phases', index, 'globalBatch']);
  return [...own, ...alternatives.flatMap((_, index) => alternativeIssues(config, index))];
}

function alternativeIssues({ cluster, phases, trainer }: Checked, index: number): Issue[] {
  const alternatives = cluster.alternatives ?? [];
  const one = { nodes: cluster.nodes, processesPerNode: cluster.processesPerNode, ...said(alternatives[index]) };
  const path = ['cluster', 'alternatives', index];
  const earlier = [cluster.name, ...alternatives.slice(0, index).map(({ name }) => name)];
  const issues: Issue[] = [];
  if (earlier.some((name) => name.toLowerCase() === one.name.toLowerCase()))
    issues.push({
      code: 'custom',
      path: [...path, 'name'],
      message: `cluster "${one.name}" stands twice; give each its own name`,
    });
  const [wanted, here] = [cluster.nodes * cluster.processesPerNode, one.nodes * one.processesPerNode];
  if (here !== wanted && trainer.worldSizeMayChange !== true)
    issues.push({
      code: 'custom',
      path,
      message:
        `${one.name} would run ${here} processes, ${cluster.name} runs ${wanted}; make them equal, ` +
        'or say trainer.worldSizeMayChange where the trainer goes on from a checkpoint with another number',
    });
  return issues.length > 0 ? issues : batchIssues(phases, one, () => path);
}

/** An alternative without the fields that it leaves to the cluster. */
function said(one: z.output<typeof alternative> | undefined) {
  const { name = '', nodes, processesPerNode } = one ?? {};
  return {
    name,
    ...(nodes === undefined ? {} : { nodes }),
    ...(processesPerNode === undefined ? {} : { processesPerNode }),
  };
}

function batchIssues(
  phases: Checked['phases'],
  { name, nodes, processesPerNode }: { name: string; nodes: number; processesPerNode: number },
  pathOf: (phase: number) => (string | number)[],
): Issue[] {
  return phases.flatMap(({ globalBatch, microBatch, name: phase }, index) => {
    const perPass = microBatch * nodes * processesPerNode;
    if (globalBatch % perPass === 0) return [];
    const path = pathOf(index);
    const where = path[0] === 'phases' ? '' : `on ${name} phase ${phase} cannot run: `;
    const message =
      `${where}${globalBatch} is not a multiple of microBatch ${microBatch} x ${nodes} nodes x ` +
      `${processesPerNode} processes = ${perPass}; change one of them`;
    return [{ code: 'custom' as const, path, message }];
  });
}
