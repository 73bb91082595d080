import { ApplicationFailure } from '@temporalio/common';
import { AzureError } from '../azure/errors.js';
import { type Cluster, getCluster } from '../azure/cluster.js';
import { type Workspace, getCoreUsages, getVmSize, getWorkspace } from '../azure/workspace.js';
import type { RunConfig } from '../domain/config.js';
import { capacityProblems } from '../domain/quota.js';
import type { LineagePart } from '../domain/attempts.js';
import { readJournal } from '../domain/journal.js';
import { lineageOf } from '../domain/lineage.js';
import { jobName } from '../domain/names.js';
import { journalPath, phaseAttemptsFolder, runRecordPath } from '../domain/paths.js';
import { getJob } from '../azure/jobs.js';
import { type Deps, type Place, storeOf } from './deps.js';
import { type RunRecord, readRunRecord } from './run-record.js';

export interface PreflightResult {
  readonly region: string;
  readonly currency: string;
  /** List price of a node for the chosen priority; null where the region publishes none. */
  readonly pricePerNodeHour: number | null;
  readonly summary: string;
}

export interface PhasePast {
  readonly attempts: number;
  readonly lineage: readonly LineagePart[];
}

export interface Claim {
  /** What earlier executions of the run did, by phase: a continued run numbers its attempts on and keeps to the recorded lineage. */
  readonly past: Readonly<Record<string, PhasePast>>;
}

export const preflightActivities = (deps: Deps) => ({
  /**
   * Takes the run's name in Blob: writes run.json where none is. Idempotent for the same workflow chain.
   * @throws a final failure where another run has the name and `continueRun` is false
   */
  async claimRun(request: {
    place: Place;
    config: RunConfig;
    spec: string;
    chain: string;
    continueRun: boolean;
  }): Promise<Claim> {
    const { place, config, spec, chain, continueRun } = request;
    const store = storeOf(deps, place);
    await store.ensure();
    const path = runRecordPath(place.run);
    const before = await readRunRecord(deps, place);
    const damaged = before === null && (await store.info(path)) !== null;
    if (damaged)
      throw final(
        'RunRecordDamaged',
        `${place.storage.container}/${path} exists and is not JSON; choose another name, or delete it`,
      );
    const ours = before?.chains.includes(chain) === true;
    if (before !== null && !ours && !continueRun) {
      throw final(
        'RunNameTaken',
        `a run named "${place.run}" exists already in ${place.storage.container}/${path}; choose another name, or continue it with --continue`,
      );
    }
    if (!ours) {
      const record: RunRecord = {
        format: 'bertha-run/1',
        run: place.run,
        chains: [...(before?.chains ?? []), chain],
        spec,
        config,
      };
      await store.write(path, JSON.stringify(record, null, 2), { onlyIfAbsent: before === null });
    }
    return { past: before === null ? {} : await pastOf(deps, place, config) };
  },

  /** Everything that can be known to be wrong before it costs money, all of it in one answer. */
  async preflight(request: { place: Place; config: RunConfig }): Promise<PreflightResult> {
    const { place, config } = request;
    const azure = deps.connection(place.azure);
    const workspace = await orFail(getWorkspace(azure));
    const { cluster } = config;
    const [size, usages, existing] = await Promise.all([
      getVmSize(azure, workspace.region, cluster.sku),
      getCoreUsages(azure, workspace.region),
      getCluster(azure, cluster.name),
    ]);
    const problems = [
      ...capacityProblems({
        region: workspace.region,
        size,
        sku: cluster.sku,
        priority: cluster.priority,
        nodes: cluster.nodes,
        usages,
        nodesHeld: existing?.nodes ?? 0,
      }),
      ...clusterProblems(config, existing),
    ];
    if (problems.length > 0) throw final('PreflightFailed', problems.join('; '));
    const pricePerNodeHour =
      (cluster.priority === 'low_priority' ? size?.pricePerHour.lowPriority : size?.pricePerHour.dedicated) ?? null;
    return {
      region: workspace.region,
      currency: size?.currency ?? 'USD',
      pricePerNodeHour,
      summary: summary(config, workspace, pricePerNodeHour),
    };
  },
});

async function pastOf(deps: Deps, place: Place, config: RunConfig): Promise<Record<string, PhasePast>> {
  const records = readJournal((await storeOf(deps, place).text(journalPath(place.run))) ?? '').attempts;
  const past: Record<string, PhasePast> = {};
  for (const { name } of config.phases) {
    const lineage = lineageOf(records.filter((record) => record.phase === name));
    past[name] = { attempts: await attemptsSoFar(deps, place, name), lineage };
  }
  return past;
}

async function attemptsSoFar(deps: Deps, place: Place, phase: string): Promise<number> {
  const folders = await storeOf(deps, place).folders(phaseAttemptsFolder(place.run, phase));
  let count = Math.max(0, ...folders.map((name) => Number(/^a(\d+)$/.exec(name)?.[1] ?? 0)));
  // An attempt that died before its first upload has a job but no folder.
  while ((await getJob(deps.connection(place.azure), jobName(place.run, phase, count + 1))) !== null) count++;
  return count;
}

function clusterProblems(config: RunConfig, existing: Cluster | null): string[] {
  if (existing === null) return [];
  const { name, sku, priority, nodes } = config.cluster;
  const problems: string[] = [];
  if (existing.sku.toLowerCase() !== sku.toLowerCase())
    problems.push(
      `cluster ${name} exists with ${existing.sku}, the config says ${sku}; change cluster.sku or cluster.name`,
    );
  if (existing.priority !== priority)
    problems.push(
      `cluster ${name} exists with priority ${existing.priority}, the config says ${priority}; change cluster.priority or cluster.name`,
    );
  if (existing.maxNodes < nodes)
    problems.push(
      `cluster ${name} exists and scales to ${existing.maxNodes} nodes at most, the config needs ${nodes}; change cluster.nodes or cluster.name`,
    );
  return problems;
}

function summary(config: RunConfig, workspace: Workspace, price: number | null): string {
  const { nodes, sku, priority } = config.cluster;
  const money = price === null ? 'no list price published' : `${(price * nodes).toFixed(2)} an hour at list price`;
  return `${config.azure.workspace} in ${workspace.region}, ${nodes} x ${sku} ${priority.replace('_', ' ')}, ${money}`;
}

/** A workspace that is missing or refuses us will not change its mind while we wait. */
async function orFail<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const hopeless = error instanceof AzureError && (error.kind === 'not-found' || error.kind === 'unauthorized');
    if (hopeless)
      throw final(
        'PreflightFailed',
        `${error.message}; check azure.* in the config and the roles of the worker's identity`,
      );
    throw error;
  }
}

const final = (type: string, message: string) => ApplicationFailure.create({ type, message, nonRetryable: true });
