import type { VirtualMachineSize } from '@azure/arm-machinelearning';
import type { CoreUsage, VmSize } from '../domain/quota.js';
import type { AzureConnection } from './connection.js';
import { AzureError, calling } from './errors.js';
import { remembered } from './remembered.js';

export interface Workspace {
  readonly region: string;
  readonly discoveryUrl: string;
}

/** A workspace stays where it is, and a region seldom offers more from one minute to the next. */
const REMEMBERED_SECONDS = 60;

/** Reads the workspace, at most once a minute. @throws AzureError `not-found` or `unauthorized` with the name in it */
export function getWorkspace(azure: AzureConnection): Promise<Workspace> {
  return remembered(azure, 'workspace', REMEMBERED_SECONDS, () => readWorkspace(azure));
}

async function readWorkspace(azure: AzureConnection): Promise<Workspace> {
  const { resourceGroup, workspace, subscriptionId } = azure.target;
  const what = `reading workspace ${workspace} (resource group ${resourceGroup}, subscription ${subscriptionId})`;
  const found = await calling(what, () => azure.ml.workspaces.get(resourceGroup, workspace));
  if (found.discoveryUrl === undefined || found.location === undefined)
    throw new AzureError('transient', `${what}: no discoveryUrl in the answer`);
  return { region: found.location, discoveryUrl: found.discoveryUrl };
}

/** The VM size of a SKU in a region, with list prices for Linux; null where it is not offered. */
export async function getVmSize(azure: AzureConnection, region: string, sku: string): Promise<VmSize | null> {
  const sizes = await listVmSizes(azure, region);
  return sizes.find((size) => size.name.toLowerCase() === sku.toLowerCase()) ?? null;
}

/** Every VM size that Azure ML offers in a region, with list prices for Linux; read at most once a minute. */
export function listVmSizes(azure: AzureConnection, region: string): Promise<VmSize[]> {
  return remembered(azure, `sizes of ${region}`, REMEMBERED_SECONDS, () => readVmSizes(azure, region));
}

async function readVmSizes(azure: AzureConnection, region: string): Promise<VmSize[]> {
  const answer = await calling(`listing VM sizes of ${region}`, () => azure.ml.virtualMachineSizes.list(region));
  return (answer.value ?? []).flatMap((size) => (size.name === undefined ? [] : [vmSize(size, size.name)]));
}

function vmSize(found: VirtualMachineSize, name: string): VmSize {
  const linux = (found.estimatedVMPrices?.values ?? []).filter((price) => price.osType === 'Linux');
  const priceOf = (tier: string) => linux.find((price) => price.vmTier === tier)?.retailPrice ?? null;
  return {
    name,
    family: found.family ?? '',
    vCpus: found.vCPUs ?? 0,
    gpus: found.gpus ?? 0,
    lowPriorityCapable: found.lowPriorityCapable ?? false,
    currency: found.estimatedVMPrices?.billingCurrency ?? 'USD',
    pricePerHour: { dedicated: priceOf('Standard'), lowPriority: priceOf('LowPriority') },
  };
}

/** Core quota of a region. Rows are told apart by `type`: display names differ between answers of the service. */
export async function getCoreUsages(azure: AzureConnection, region: string): Promise<CoreUsage[]> {
  return calling(`reading quota of ${region}`, async () => {
    const rows: CoreUsage[] = [];
    for await (const row of azure.ml.usages.list(region)) {
      const scope = scopeOf(row.type ?? '', row.id ?? '');
      if (scope === null || row.limit === undefined) continue;
      const family = scope === 'family-dedicated' ? (row.name?.value ?? '').toLowerCase() : '';
      rows.push({
        scope,
        family,
        label: row.name?.localizedValue ?? row.name?.value ?? scope,
        inUse: row.currentValue ?? 0,
        limit: row.limit,
      });
    }
    return rows;
  });
}

function scopeOf(type: string, id: string): CoreUsage['scope'] | null {
  const workspaceScoped = /\/workspaces\//i.test(id);
  if (workspaceScoped) return null;
  if (/vmFamily\/dedicatedCores\/usages$/i.test(type)) return 'family-dedicated';
  if (/lowPriorityCores\/usages$/i.test(type)) return 'regional-low-priority';
  if (/(total)?dedicatedCores\/usages$/i.test(type)) return 'regional-dedicated';
  return null;
}
