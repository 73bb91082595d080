import type { ControlActivities, DataActivities } from '../../../activities/index.js';
import type { FakeAzure } from './azure.js';
import { jobActivities } from './jobs.js';
import { resultActivities } from './results.js';

/** The seam of the workflows, with a workspace in memory behind it. */
export function fakeActivities(azure: FakeAzure): ControlActivities & DataActivities {
  const activities: ControlActivities & DataActivities = {
    ...stages(azure),
    ...jobActivities(azure),
    ...resultActivities(azure),
  };
  return activities;
}

type Stages = Pick<
  ControlActivities & DataActivities,
  | 'preflight'
  | 'ensureStorage'
  | 'ensureCluster'
  | 'ensureEnvironment'
  | 'ensureCode'
  | 'prepareData'
  | 'copyData'
  | 'writeTrainerConfig'
>;

/** What comes before the first job, always well. */
const stages = (azure: FakeAzure): Stages => ({
  preflight: () =>
    Promise.resolve({ region: 'westeurope', currency: 'USD', pricePerNodeHour: 3.6, summary: 'lab in westeurope' }),
  ensureStorage: () => Promise.resolve('created'),
  ensureCluster: () => Promise.resolve({ ours: azure.clusterOurs, created: true }),
  ensureEnvironment: () => Promise.resolve({ id: 'environments/bertha/versions/1' }),
  ensureCode: () => Promise.resolve({ id: 'codes/bertha-code/versions/1', version: '1', reused: false }),
  prepareData: () =>
    Promise.resolve({ contentId: '0123', folder: 'data/enwiki/0123', reused: false, summary: '106 of 206 pages' }),
  copyData: ({ folder }) => Promise.resolve({ folder, contentId: '0123', blobs: 5, bytes: 1_000_000, copied: 5 }),
  writeTrainerConfig: ({ place, phase }) => Promise.resolve(`runs/${place.run}/${phase}/trainer.json`),
});
