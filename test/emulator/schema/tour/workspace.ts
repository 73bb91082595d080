import { P, type Answer } from '../../support/service.js';
import { until } from '../../support/until.js';
import type { Tourist } from './tourist.js';

const SUBSCRIPTION = P.replace(/\/resourceGroups\/.*$/, '');
const PROVIDER = '/providers/Microsoft.MachineLearningServices/workspaces';

/** The workspace as one of several, and changed. */
export async function tourWorkspace(ask: Tourist): Promise<void> {
  await ask('GET', P.replace(/\/workspaces\/.*$/, '/workspaces'));
  await ask('GET', `${SUBSCRIPTION}${PROVIDER}`);
  const changes = { tags: { of: 'tour' }, properties: { description: 'of the tour' } };
  await operation(ask, await ask('PATCH', '', changes));
  await ask('GET', '');
}

/** The last thing that can be done to it. */
export async function endWorkspace(ask: Tourist): Promise<void> {
  await ask('DELETE', '');
}

async function operation(ask: Tourist, { headers }: Answer): Promise<void> {
  const [polled, located] = [headers['azure-asyncoperation'], headers['location']].map((each) => new URL(String(each)));
  const end = async (): Promise<boolean> => (await ask('GET', polled?.pathname ?? '')).json.status === 'Succeeded';
  await until('the operation to end', end, 60_000);
  await ask('GET', `${located?.pathname}?type=location`);
}
