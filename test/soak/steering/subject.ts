import type { AzureConnection } from '../../../azure/connection.js';
import type { BlobContainer } from '../../../azure/blob.js';
import { getCluster } from '../../../azure/cluster.js';
import { isTerminal, listJobs } from '../../../azure/jobs.js';
import type { BerthaClient, RunView } from '../../../client.js';
import type { RunConfig } from '../../../domain/config.js';
import type { RunEvent } from '../../../domain/events.js';
import { until } from '../../e2e/observe.js';

/** A run that is steered, and all that can be asked about it. */
export interface Subject {
  readonly client: BerthaClient;
  readonly azure: AzureConnection;
  readonly store: BlobContainer;
  readonly config: RunConfig;
  readonly run: string;
  /** From 0 to 1, seeded. */
  readonly draw: () => number;
}

/** Long enough for a machine that does other things too: a limit against hanging, not a promise. */
export const PATIENCE_SECONDS = 180;

/** Looks until the run is so, or has ended. */
export async function untilRun({ client, run }: Subject, holds: (view: RunView) => boolean): Promise<RunView> {
  let view = await client.getRun(run);
  await until(async () => {
    view = await client.getRun(run);
    return view.state !== 'running' || holds(view);
  }, PATIENCE_SECONDS);
  return view;
}

/** @throws Error where a job of the run lives, or its nodes do not leave */
export async function nothingIsPaid({ azure, run, config }: Subject): Promise<void> {
  const jobs = await listJobs(azure, `bertha.run=${run}`);
  const alive = jobs.filter(({ tags, status }) => tags['bertha.run'] === run && !isTerminal(status));
  holds(alive.length === 0, `jobs live: ${alive.map(({ name, status }) => `${name} ${status}`).join(', ')}`);
  await until(async () => ((await getCluster(azure, config.cluster.name))?.nodes ?? 0) === 0, PATIENCE_SECONDS);
}

/** Events of one kind, oldest first. */
export const eventsOf = <Kind extends RunEvent['kind']>(view: RunView, kind: Kind) =>
  (view.status?.events ?? []).filter((event): event is Extract<RunEvent, { kind: Kind }> => event.kind === kind);

/** @throws Error with the sentence where a promise is broken */
export function holds(kept: boolean, otherwise: string): asserts kept {
  if (!kept) throw new Error(otherwise);
}
