import { ApplicationFailure } from '@temporalio/common';
import { findEnvironment } from '../azure/assets.js';
import { AzureError } from '../azure/errors.js';
import { getCluster } from '../azure/cluster.js';
import { type Workspace, getCoreUsages, getVmSize, getWorkspace } from '../azure/workspace.js';
import type { PhaseState } from '../domain/attempts.js';
import type { RunConfig } from '../domain/config.js';
import type { PriceSource } from '../domain/prices.js';
import { capacityProblems } from '../domain/quota.js';
import { runRecordPath } from '../domain/paths.js';
import { clusterProblems, lookAtAlternatives } from './alternatives.js';
import { dataProblems } from './copy/preflight.js';
import { type Deps, type Place, storeOf } from './deps.js';
import { environmentMissing } from './environment.js';
import { type TakenUp, readPast } from './past.js';
import { type PriceFound, budgetProblems, moneyWords, priceOfNode } from './price.js';
import { webhookProblems } from './webhook/deliver.js';
import { type RunRecord, readRunRecord } from './run-record.js';

export interface PreflightResult {
  readonly region: string;
  readonly currency: string;
  /** Price of a node for the chosen priority; null where none is known. */
  readonly pricePerNodeHour: number | null;
  /** Where the price was read; absent in answers of older releases. */
  readonly priceFrom?: PriceSource | null;
  /** The same for dedicated nodes, in the same currency; null where it is not known. */
  readonly dedicatedPricePerNodeHour?: number | null;
  /** Of the other clusters, by name, in the same currency; absent in answers of older releases. */
  readonly alternativePrices?: Readonly<Record<string, number | null>>;
  readonly summary: string;
  /** Only where the run is under way; else they are thrown. */
  readonly problems?: readonly string[];
}

/** What earlier workflows of the run left; of a run that begins, nothing. */
export type Claim = Partial<Omit<TakenUp, 'past'>> & { readonly past: Readonly<Record<string, Partial<PhaseState>>> };

export const preflightActivities = (deps: Deps) => ({
  /**
   * Takes the run's name in Blob: writes run.json where none is, adds the chain where one is and the run is taken up. Idempotent for the
   * same workflow chain. From then on the newest chain acts, and no other.
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
    const found = await store.info(path);
    const before = await readRunRecord(deps, place);
    if (before === null && found !== null)
      throw final(
        'RunRecordDamaged',
        `${place.storage.container}/${path} exists and is not JSON; choose another name, or delete it`,
      );
    const earlier = before?.chains ?? [];
    const ours = earlier.includes(chain);
    if (before !== null && !ours && !continueRun) {
      throw final(
        'RunNameTaken',
        `a run named "${place.run}" exists already in ${place.storage.container}/${path}; choose another name, or continue it with --continue`,
      );
    }
    if (!ours) {
      const chains = [...earlier, chain];
      const record: RunRecord = { format: 'bertha-run/1', run: place.run, chains, spec, config };
      // Two workflows that take the run up at the same moment must both stand in it: who writes second looks again.
      const condition = found === null ? { onlyIfAbsent: true } : { onlyIfStill: found.etag };
      await store.write(path, JSON.stringify(record, null, 2), condition);
    }
    const chainsBefore = ours ? earlier.slice(0, earlier.indexOf(chain)) : earlier;
    return chainsBefore.length === 0 ? { past: {} } : readPast(deps, place, config, chainsBefore);
  },

  /** Everything that can be known to be wrong before it costs money, all of it in one answer. */
  async preflight(request: {
    place: Place;
    config: RunConfig;
    /** A job of the run may be training: what is wrong is told, and no reason to end it. */
    underWay?: boolean;
  }): Promise<PreflightResult> {
    const { place, config, underWay = false } = request;
    const azure = deps.connection(place.azure);
    const workspace = await (underWay ? getWorkspace(azure) : orFail(getWorkspace(azure)));
    const { cluster } = config;
    const { name, version } = config.environment;
    const [size, usages, existing, environment] = await Promise.all([
      getVmSize(azure, workspace.region, cluster.sku),
      getCoreUsages(azure, workspace.region),
      getCluster(azure, cluster.name),
      version === undefined ? 'to be made' : findEnvironment(azure, name, version),
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
      ...clusterProblems(cluster, existing),
      ...(environment === null ? [environmentMissing(name, version ?? '')] : []),
    ];
    problems.push(...(await dataProblems(deps, place, config.data)));
    const price = await priceOfNode(azure, config, workspace.region, size);
    problems.push(...budgetProblems(config, price), ...webhookProblems(config));
    const { region } = workspace;
    const others = await lookAtAlternatives(azure, config, { region, usages, currency: price.currency });
    problems.push(...others.problems);
    if (problems.length > 0 && !underWay) throw final('PreflightFailed', problems.join('; '));
    return {
      region: workspace.region,
      currency: price.currency,
      pricePerNodeHour: price.perHour,
      priceFrom: price.from,
      dedicatedPricePerNodeHour: price.dedicatedPerHour,
      ...(Object.keys(others.prices).length === 0 ? {} : { alternativePrices: others.prices }),
      summary: summary(config, workspace, price),
      ...(underWay ? { problems } : {}),
    };
  },
});

function summary(config: RunConfig, workspace: Workspace, price: PriceFound): string {
  const { nodes, sku, priority } = config.cluster;
  const what = `${nodes} x ${sku} ${priority.replace('_', ' ')}`;
  return `${config.azure.workspace} in ${workspace.region}, ${what}, ${moneyWords(price, nodes)}`;
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
