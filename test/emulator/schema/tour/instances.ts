import { operation } from './operation.js';
import type { Tourist } from './tourist.js';

/** A compute instance from its making to its end, and one that stays. */
export async function tourInstances(ask: Tourist): Promise<void> {
  const properties = { vmSize: 'Standard_DS3_v2', applicationSharingPolicy: 'Personal' };
  const body = { location: 'eastus', properties: { computeType: 'ComputeInstance', properties } };
  await operation(ask, await ask('PUT', '/computes/desk', body));
  await operation(ask, await ask('PUT', '/computes/den', body));
  await ask('GET', '/computes/desk');
  await ask('GET', '/computes');
  for (const step of ['stop', 'start', 'restart']) {
    await operation(ask, await ask('POST', `/computes/desk/${step}`));
    await ask('GET', '/computes/desk');
  }
  await operation(ask, await ask('DELETE', '/computes/desk?underlyingResourceAction=Delete'));
}
