import { operation } from './operation.js';
import { LOCATION, type Tourist } from './tourist.js';

/** Clusters from their making to their end, what a region offers, and refusals. */
export async function tourComputes(ask: Tourist): Promise<void> {
  const amlCompute = (properties: object): object => ({
    location: 'eastus',
    tags: { of: 'tour' },
    properties: { computeType: 'AmlCompute', description: 'of the tour', properties },
  });
  const scaleSettings = { minNodeCount: 0, maxNodeCount: 2, nodeIdleTimeBeforeScaleDown: 'PT120S' };
  const settings = { vmSize: 'Standard_DS2_v2', vmPriority: 'LowPriority', osType: 'Linux', scaleSettings };
  const made = await ask('PUT', '/computes/tour', amlCompute(settings));
  await ask('PUT', '/computes/plain', amlCompute({ vmSize: 'Standard_DS3_v2', scaleSettings }));
  await operation(ask, made);
  await ask('GET', '/computes/tour');
  await ask('PUT', '/computes/tour', amlCompute(settings));
  const changed = await ask('PATCH', '/computes/tour', {
    properties: { properties: { scaleSettings: { maxNodeCount: 3 } } },
  });
  await operation(ask, changed);
  await ask('GET', '/computes');
  await ask('POST', '/computes/tour/listNodes');
  for (const what of ['usages', 'quotas', 'vmSizes']) await ask('GET', `${LOCATION}/${what}`);
  await ask('GET', '/computes/nowhere');
  await ask('POST', '/computes/nowhere/listNodes');
  await ask('PATCH', '/computes/nowhere', { properties: { properties: { scaleSettings: { maxNodeCount: 3 } } } });
  await ask('DELETE', '/computes/nowhere?underlyingResourceAction=Delete');
  await ask('PUT', '/computes/refused', amlCompute({ ...settings, vmSize: 'Standard_NC6s_v3' }));
  await ask('PUT', '/computes/refused', amlCompute({ ...settings, colour: 'red' }));
  const gone = await ask('DELETE', '/computes/plain?underlyingResourceAction=Delete');
  await operation(ask, gone);
}
