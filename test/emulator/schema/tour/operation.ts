import type { Answer } from '../../support/service.js';
import { until } from '../../support/until.js';
import type { Tourist } from './tourist.js';

/** Polls the operation of a compute to its end. */
export async function operation(ask: Tourist, { headers }: Answer): Promise<void> {
  const { pathname } = new URL(String(headers['azure-asyncoperation']));
  await until('the operation to end', async () => (await ask('GET', pathname)).json.status === 'Succeeded', 60_000);
}
