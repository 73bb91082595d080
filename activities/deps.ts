import { Context } from '@temporalio/activity';
import type { AzureConnection } from '../azure/connection.js';
import type { BlobContainer } from '../azure/blob.js';
import type { AzureTarget, StorageTarget } from '../domain/config.js';
import type { WorkerTurns } from './turns.js';

/** What activities are made with; `worker.ts` builds it, tests build their own. */
export interface Deps {
  /** Signed-in connection to a workspace; cached, so call it freely. */
  connection(target: AzureTarget): AzureConnection;
  /** Folder that paths in configs are relative to. */
  readonly installation: string;
  /** Folder for scratch files of data activities. */
  readonly scratch: string;
  /** Our clock, epoch milliseconds. */
  now(): number;
  /** Shared by all runs that this worker serves. */
  readonly turns: WorkerTurns;
}

/** Where a run lives: part of most activity inputs. Holds names only, never a secret. */
export interface Place {
  readonly run: string;
  readonly azure: AzureTarget;
  readonly storage: StorageTarget;
}

export function storeOf(deps: Deps, place: Place): BlobContainer {
  return deps.connection(place.azure).container(place.storage.account, place.storage.container);
}

/** `azureml://` uri of a path in the run's container. */
export function datastoreUri(place: Place, path: string): string {
  return `azureml://datastores/${place.storage.datastore}/paths/${path}`;
}

const lastDetails = new WeakMap<Context, unknown>();

/** Reports progress of the running activity; the keep-alive of `interceptor.ts` repeats the last details, so they are never lost. */
export function report(details: unknown): void {
  const context = Context.current();
  lastDetails.set(context, details);
  context.heartbeat(details);
}

/** Details that a heartbeat of this activity should carry now. */
export function detailsOf(context: Context): unknown {
  return lastDetails.has(context) ? lastDetails.get(context) : context.info.heartbeatDetails;
}
