import type { AzureConnection } from '../../azure/connection.js';
import type { RunConfig } from '../../domain/config.js';
import { candidates } from '../../domain/forecast/candidates.js';
import type { ForecastFacts } from '../../domain/forecast/facts.js';
import type { Measured } from '../../domain/forecast/speed.js';
import type { ListPrices } from '../../domain/prices.js';
import type { VmSize } from '../../domain/quota.js';
import { explain } from '../failure.js';
import { pause } from '../interrupt.js';

/** How long one question to Azure may take: a plan without the answer is worth more than no plan. */
const PATIENCE_MS = 20_000;

export interface ReadOptions {
  /** Region to plan for where no workspace can say. */
  readonly region?: string;
  readonly measured: readonly Measured[];
}

/** Reads what a forecast needs of Azure. Nothing that does not answer stops it: it is told in `missing`. */
export async function readFacts(config: RunConfig, { region: asked, measured }: ReadOptions): Promise<ForecastFacts> {
  const missing: string[] = [];
  const nothing = { sizes: null, usages: null, nodesHeld: 0, prices: new Map<string, ListPrices>() };
  const azure = await answered(connect(config), (reason) => missing.push(`nothing of Azure: ${reason}`));
  if (azure === null) return { region: asked ?? null, ...nothing, measured, missing };
  const { getWorkspace, listVmSizes, getCoreUsages } = await import('../../azure/workspace.js');
  const workspace =
    asked === undefined ? await answered(getWorkspace(azure), (reason) => missing.push(withoutRegion(reason))) : null;
  const region = asked ?? workspace?.region ?? null;
  if (region === null) return { region, ...nothing, measured, missing };
  const [sizes, usages, nodesHeld] = await Promise.all([
    answered(listVmSizes(azure, region), (reason) => missing.push(`what ${region} offers: ${reason}`)),
    answered(getCoreUsages(azure, region), (reason) => missing.push(`quota: ${reason}`)),
    nodesOf(azure, config),
  ]);
  const prices = await readPrices(azure, config, region, sizes, missing);
  return { region, sizes, usages, nodesHeld, prices, measured, missing };
}

const withoutRegion = (reason: string) =>
  `region, quota, what the region offers and its prices: ${reason}; public prices alone can be had with --region NAME`;

async function connect({ azure }: RunConfig): Promise<AzureConnection> {
  const { connectAzure } = await import('../../azure/connection.js');
  return connectAzure(azure);
}

/** The nodes that the cluster holds already are within the cores in use. */
async function nodesOf(azure: AzureConnection, { cluster }: RunConfig): Promise<number> {
  const { getCluster } = await import('../../azure/cluster.js');
  return (await answered(getCluster(azure, cluster.name), () => undefined))?.nodes ?? 0;
}

async function readPrices(
  azure: AzureConnection,
  config: RunConfig,
  region: string,
  sizes: readonly VmSize[] | null,
  missing: string[],
): Promise<Map<string, ListPrices>> {
  const { getRetailPrices } = await import('../../azure/prices.js');
  const skus = [...new Set(candidates(config, sizes).map(({ sku }) => sku))];
  const currency = config.cost?.currency ?? 'USD';
  const failures = new Map<string, string>();
  const found = await Promise.all(
    skus.map(async (sku) => {
      const read = getRetailPrices(azure, region, sku, { currency });
      return [sku, await answered(read, (reason) => failures.set(sku, reason))] as const;
    }),
  );
  const [first] = failures;
  if (first !== undefined) missing.push(`list prices of ${[...failures.keys()].join(', ')}: ${first[1]}`);
  return new Map(found.flatMap(([sku, prices]) => (prices === null ? [] : [[sku, prices] as const])));
}

/** What a question was answered; null where it was not, or not in time, and then somebody is told why. */
async function answered<T>(question: Promise<T>, silence: (reason: string) => void): Promise<T | null> {
  const waited = new AbortController();
  const tooLong = pause(PATIENCE_MS, waited.signal).then(() => {
    throw new Error(`no answer within ${PATIENCE_MS / 1000} s`);
  });
  // Whichever loses the race may still fail, with nobody listening.
  tooLong.catch(() => undefined);
  question.catch(() => undefined);
  try {
    return await Promise.race([question, tooLong]);
  } catch (error) {
    silence(explain(error).text);
    return null;
  } finally {
    waited.abort();
  }
}
