import { z } from 'zod';
import type { AzureConnection } from './connection.js';
import { send, workspaceId } from './arm.js';
import { AzureError, orNull } from './errors.js';
import { getWorkspace } from './workspace.js';

const detailsSchema = z.object({
  status: z.string().nullish(),
  startTimeUtc: z.string().nullish(),
  endTimeUtc: z.string().nullish(),
  error: z
    .object({ error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish() })
    .nullish(),
  warnings: z.array(z.object({ message: z.string().nullish() })).nullish(),
  logFiles: z.record(z.string(), z.string()).nullish(),
});

/** What run history knows of a job: the reason of an ending, which the ARM job resource does not carry. Times are epoch milliseconds. */
export interface JobHistory {
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly warnings: readonly string[];
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Log file name → URL with a short-lived SAS. Never to be stored or printed. */
  readonly logFiles: Readonly<Record<string, string>>;
}

/** Reads run history of a job from the region's data plane; null where it knows no such run. */
export async function getJobHistory(azure: AzureConnection, jobName: string): Promise<JobHistory | null> {
  const host = await dataPlane(azure);
  const answer = await orNull(send(azure, 'GET', `${host}/history/v1.0${workspaceId(azure)}/runs/${jobName}/details`));
  if (answer === null) return null;
  const parsed = detailsSchema.safeParse(answer.body);
  if (!parsed.success) throw new AzureError('transient', `run history of job ${jobName} answered in an unknown form`);
  const details = parsed.data;
  return {
    errorCode: details.error?.error?.code ?? null,
    errorMessage: details.error?.error?.message ?? null,
    warnings: (details.warnings ?? []).map((warning) => warning.message ?? '').filter((message) => message !== ''),
    startedAt: time(details.startTimeUtc),
    endedAt: time(details.endTimeUtc),
    logFiles: details.logFiles ?? {},
  };
}

/** Why run history says that a job was canceled; null where it gives no reason, or knows no such run. */
export async function getCancelReason(azure: AzureConnection, jobName: string): Promise<string | null> {
  const host = await dataPlane(azure);
  const answer = await orNull(send(azure, 'GET', `${host}/history/v1.0${workspaceId(azure)}/runs/${jobName}`));
  const parsed = z.object({ cancelationReason: z.string().nullish() }).safeParse(answer?.body);
  return parsed.success ? (parsed.data.cancelationReason ?? null) : null;
}

/** Host of the region's data plane, found through the workspace's discovery document; kept per connection. */
async function dataPlane(azure: AzureConnection): Promise<string> {
  const known = hosts.get(azure);
  if (known !== undefined) return known;
  const { discoveryUrl } = await getWorkspace(azure);
  const { body } = await send(azure, 'GET', discoveryUrl);
  const host = z.object({ api: z.string() }).safeParse(body);
  if (!host.success) throw new AzureError('transient', `${discoveryUrl} does not name the data plane`);
  const url = host.data.api.replace(/\/$/, '');
  hosts.set(azure, url);
  return url;
}

const hosts = new WeakMap<AzureConnection, string>();

const time = (text: string | null | undefined) => (text === null || text === undefined ? null : Date.parse(text));
