import type { AzureConnection } from '../azure/connection.js';
import type { BlobContainer } from '../azure/blob.js';
import type { BerthaClient } from '../client.js';
import type { RunConfig } from '../domain/config.js';
import { reportPath } from '../domain/paths.js';
import type { RunReport } from '../domain/report.js';

/** Where a run lies: its workspace and its container, signed in with this process' own credentials. */
export interface RunPlace {
  readonly config: RunConfig;
  readonly azure: AzureConnection;
  readonly store: BlobContainer;
}

export async function openPlace(config: RunConfig): Promise<RunPlace> {
  const { connectAzure } = await import('../azure/connection.js');
  const azure = connectAzure(config.azure);
  return { config, azure, store: azure.container(config.storage.account, config.storage.container) };
}

/** The place of a run that Temporal knows. */
export async function placeOf(client: BerthaClient, run: string): Promise<RunPlace> {
  return openPlace(await client.configOf(run));
}

/** The report of a run; null where none was written (yet). */
export async function readReport(place: RunPlace, run: string): Promise<RunReport | null> {
  return (await place.store.json(reportPath(run, 'json'))) as RunReport | null;
}
