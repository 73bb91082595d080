import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { ControlActivities, DataActivities } from '../../../activities/index.js';
import { ownRunActivities } from '../../../activities/own-run.js';
import { FakeAzure } from './azure.js';
import { preparation } from './preparation.js';
import { jobActivities } from './jobs.js';
import { resultActivities } from './results.js';

export { FakeAzure };

export type AnyActivities = Record<string, (request: Request) => Promise<unknown>>;

interface Request {
  readonly place: { readonly run: string };
  readonly jobName?: string;
  readonly rules?: { readonly jobName?: string };
}

/** Activities of a worker that serves many runs: each call goes to the workspace of its run, and is written down there. */
export function dispatch(workspaceOf: (run: string) => FakeAzure | undefined): AnyActivities {
  const names = Object.keys(fakeActivities(new FakeAzure([]))) as (keyof ReturnType<typeof fakeActivities>)[];
  const call = (name: (typeof names)[number]) => async (request: Request) => {
    const azure = workspaceOf(request.place.run);
    if (azure === undefined) throw new Error(`no workspace for run ${request.place.run}`);
    const subject = request.jobName ?? request.rules?.jobName;
    azure.calls.push(subject === undefined ? name : `${name} ${subject}`);
    const number = azure.calls.length;
    await azure.onBegin(number, name);
    const isBackground = name === 'watchJob' || name === 'verifyCheckpoints';
    if (!isBackground) await azure.onCall(name);
    const answer = await (fakeActivities(azure)[name] as (request: unknown) => Promise<unknown>)(request);
    await azure.onAnswer(number, name);
    return answer;
  };
  return Object.fromEntries(names.map((name) => [name, call(name)]));
}

/** What the workflow of a run calls. */
type Seam = ControlActivities & Omit<DataActivities, 'planCopy' | 'copyVerbatim'>;

/** The seam of the workflows, with a workspace in memory behind it. */
function fakeActivities(azure: FakeAzure): Seam {
  const activities: Seam = {
    ...stages(azure),
    ...jobActivities(azure),
    ...resultActivities(azure),
    deliverMessages: (delivery) => azure.receive(delivery),
    // Temporal is real here.
    ...ownRunActivities(),
  };
  return activities;
}

type Stages = Pick<
  Seam,
  | 'preflight'
  | 'ensureStorage'
  | 'ensureCluster'
  | 'ensureEnvironment'
  | 'ensureCode'
  | 'prepareData'
  | 'planConversion'
  | 'convertFile'
  | 'assembleConverted'
  | 'planPreparation'
  | 'lookAtPreparation'
  | 'prepareTask'
  | 'verifyData'
  | 'copyData'
  | 'verifyCheckpoints'
  | 'letGoCheckpoints'
>;

/** What comes before the first job, always well. */
const stages = (azure: FakeAzure): Stages => ({
  preflight: ({ config: { cluster } }) =>
    Promise.resolve({
      ...{ region: 'westeurope', currency: 'USD', pricePerNodeHour: 3.6, summary: 'lab in westeurope' },
      alternativePrices: Object.fromEntries((cluster.alternatives ?? []).map(({ name }) => [name, 18])),
    }),
  ensureStorage: () => Promise.resolve('created'),
  ensureCluster: () => Promise.resolve({ ours: azure.clusterOurs, created: true }),
  ensureEnvironment: () => Promise.resolve({ id: 'environments/bertha/versions/1' }),
  ensureCode: () => Promise.resolve({ id: 'codes/bertha-code/versions/1', version: '1', reused: false }),
  planConversion: () => Promise.resolve({ folder: 'data/enwiki/converted/4567', files: azure.filesToConvert }),
  convertFile: () => Promise.resolve({ samples: 10, reused: false }),
  assembleConverted: ({ folder }) =>
    Promise.resolve({ contentId: '0123', folder, reused: false, summary: 'files of the old recipe converted' }),
  ...preparation,
  copyData: ({ folder }) => Promise.resolve({ folder, contentId: '0123', blobs: 5, bytes: 1_000_000, copied: 5 }),
  letGoCheckpoints: () => Promise.resolve(0),
  verifyCheckpoints() {
    // Rarely, for the server pays for every look, also for those in skipped time.
    throw ApplicationFailure.create({
      type: 'AttemptGoesOn',
      category: ApplicationFailureCategory.BENIGN,
      nextRetryDelay: '30 days',
    });
  },
});
