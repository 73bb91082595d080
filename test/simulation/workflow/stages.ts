import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { ControlActivities, DataActivities } from '../../../activities/index.js';
import type { Schedule } from '../schedule.js';
import type { World } from '../world/world.js';

type Stages = Pick<
  ControlActivities & DataActivities,
  | 'preflight'
  | 'ensureStorage'
  | 'ensureCluster'
  | 'ensureEnvironment'
  | 'ensureCode'
  | 'prepareData'
  | 'planConversion'
  | 'convertFile'
  | 'assembleConverted'
  | 'copyData'
  | 'verifyCheckpoints'
  | 'registerModel'
>;

/** What comes before the first job and behind the last, of which the world knows nothing: always well. */
export const stages = (world: World, { ownsCluster }: Schedule): Stages => ({
  preflight: () => Promise.resolve({ region: 'simulated', currency: 'USD', pricePerNodeHour: 1, summary: 'simulated' }),
  ensureStorage: () => Promise.resolve('existing'),
  ensureCluster({ cluster }) {
    world.deletedClusters.delete(cluster.name);
    return Promise.resolve({ ours: ownsCluster, created: ownsCluster });
  },
  ensureEnvironment: () => Promise.resolve({ id: 'environments/simulated/versions/1' }),
  ensureCode: () => Promise.resolve({ id: 'codes/simulated/versions/1', version: '1', reused: true }),
  prepareData: () => Promise.resolve({ contentId: '0', folder: 'data/enwiki/0', reused: true, summary: 'none' }),
  planConversion: () => Promise.resolve({ folder: 'data/enwiki/converted/0', files: 0 }),
  convertFile: () => Promise.resolve({ samples: 0, reused: true }),
  assembleConverted: ({ folder }) => Promise.resolve({ contentId: '0', folder, reused: true, summary: 'none' }),
  copyData: ({ folder }) => Promise.resolve({ folder, contentId: '0', blobs: 1, bytes: 1, copied: 0 }),
  registerModel: ({ name, checkpoint }) => Promise.resolve({ name, version: '1', path: checkpoint.path }),
  /** New checkpoints are hashed before each look (`looking.ts`): as an activity of its own it would double the work of the server. */
  verifyCheckpoints() {
    throw ApplicationFailure.create({
      ...{ type: 'RunGoesOn', category: ApplicationFailureCategory.BENIGN, nextRetryDelay: '365 days' },
    });
  },
});
