import type { AzureTarget } from '../../domain/config.js';
import { readConfig } from '../config-file.js';
import { Failure } from '../failure.js';
import { type Asked, isSame } from './knowledge.js';

export interface WorkspaceOptions {
  readonly config?: string;
  readonly subscription?: string;
  readonly resourceGroup?: string;
  readonly workspace?: string;
  readonly cloud?: string;
}

/**
 * The workspaces to look at: the one that is named, the one of a config, or those of all runs that Temporal remembers.
 * @param note told of runs whose config cannot be read
 * @throws Failure usage where a name is half given, or nothing names a workspace
 */
export async function workspacesOf(
  options: WorkspaceOptions,
  client: Asked,
  note: (sentence: string) => void,
): Promise<AzureTarget[]> {
  if (options.config !== undefined) return [(await readConfig(options.config)).azure];
  const { subscription, resourceGroup, workspace, cloud = 'AzureCloud' } = options;
  if (subscription !== undefined && resourceGroup !== undefined && workspace !== undefined)
    return [{ cloud, subscriptionId: subscription, resourceGroup, workspace }];
  const halfGiven = [subscription, resourceGroup, workspace, options.cloud].some((word) => word !== undefined);
  if (halfGiven)
    throw new Failure('usage', 'a workspace is named by --subscription, --resource-group and --workspace together');
  return ofKnownRuns(client, note);
}

async function ofKnownRuns(client: Asked, note: (sentence: string) => void): Promise<AzureTarget[]> {
  const found: AzureTarget[] = [];
  for (const run of await client.runNames()) {
    const config = await client.configOf(run).catch(() => null);
    if (config === null) note(`the config of run ${run} cannot be read, so its workspace is not looked at`);
    else if (!found.some((known) => isSame(known, config.azure))) found.push(config.azure);
  }
  if (found.length > 0) return found;
  throw new Failure(
    'usage',
    'Temporal remembers no run, so nothing names a workspace; name one with --config, or with --subscription, --resource-group and --workspace',
  );
}
