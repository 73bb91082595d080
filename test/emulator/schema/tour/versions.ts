import { API_VERSIONS } from '../../../../emulator/versions/models.js';
import { LOCATION, type Tourist } from './tourist.js';

const READ = [
  '',
  '/computes',
  '/computes/tour',
  '/computes/den',
  `${LOCATION}/usages`,
  `${LOCATION}/vmSizes`,
  '/datastores',
  '/codes/tour/versions',
  '/environments/tour',
  '/environments/tour/versions',
  '/models/tour/versions',
  '/data/tour/versions',
  '/jobs',
  '/jobs/tour',
];

/** Reads what the tour left behind in every api-version that is served. */
export async function tourVersions(ask: Tourist): Promise<void> {
  for (const version of API_VERSIONS) {
    for (const path of READ) await ask('GET', `${path}?api-version=${version}`);
  }
}
