import assert from 'node:assert/strict';
import { type CapacityQuestion, type CoreUsage, type VmSize, capacityProblems } from '../../domain/quota.js';

const size: VmSize = {
  name: 'Standard_NC24ads_A100_v4',
  family: 'StandardNCADSA100v4Family',
  vCpus: 24,
  gpus: 1,
  lowPriorityCapable: true,
  currency: 'USD',
  pricePerHour: { dedicated: 3.67, lowPriority: 0.73 },
};
const lowPriority: CoreUsage = {
  scope: 'regional-low-priority',
  family: '',
  label: 'Total low-priority cores',
  inUse: 60,
  limit: 100,
};
const regional: CoreUsage = {
  scope: 'regional-dedicated',
  family: '',
  label: 'Total dedicated cores',
  inUse: 0,
  limit: 1000,
};
const family: CoreUsage = {
  scope: 'family-dedicated',
  family: 'standardncadsa100v4family',
  label: 'NCADSA100v4 cores',
  inUse: 24,
  limit: 48,
};
const otherFamily: CoreUsage = { ...family, family: 'standardndasv4family', label: 'ND cores', limit: 0 };

const ask = (over: Partial<CapacityQuestion>) =>
  capacityProblems({
    region: 'westeurope',
    size,
    sku: size.name,
    priority: 'low_priority',
    nodes: 2,
    usages: [lowPriority, regional, family, otherFamily],
    nodesHeld: 0,
    ...over,
  });

describe('domain: quota', () => {
  it('says family, region, cores needed, in use, limit, and the words of the request', () => {
    assert.deepEqual(ask({}), [
      'too little quota in westeurope: Total low-priority cores (family StandardNCADSA100v4Family) needs 48 more cores for 2 x Standard_NC24ads_A100_v4, ' +
        '60 of 100 are in use. File a request: "Azure portal > Quotas > Machine learning > westeurope > Total low-priority cores: new limit 108"',
    ]);
  });

  it('takes the last core', () => {
    assert.deepEqual(ask({ usages: [{ ...lowPriority, inUse: 52 }] }), []);
    assert.equal(ask({ usages: [{ ...lowPriority, inUse: 53 }] }).length, 1);
  });

  it('does not ask twice for nodes that the cluster holds already', () => {
    assert.deepEqual(ask({ nodesHeld: 1 }), []);
    assert.deepEqual(ask({ nodesHeld: 3, usages: [{ ...lowPriority, inUse: 100 }] }), []);
  });

  it('asks family and region for dedicated nodes, and no other family', () => {
    const problems = ask({ priority: 'dedicated', usages: [{ ...regional, limit: 40 }, family, otherFamily] });
    assert.deepEqual(
      problems.map((problem) => /westeurope: (.*?) \(family/.exec(problem)?.[1]),
      ['Total dedicated cores', 'NCADSA100v4 cores'],
    );
    assert.deepEqual(
      ask({ priority: 'dedicated', nodes: 1, usages: [regional, family, otherFamily, lowPriority] }),
      [],
    );
  });

  it('says that a SKU is not offered, or not as low priority, before any quota', () => {
    assert.match(
      ask({ size: null, sku: 'Standard_NC24s_v3' }).join(),
      /^cluster\.sku Standard_NC24s_v3 is not offered in westeurope; choose another/,
    );
    const dedicatedOnly = ask({ size: { ...size, lowPriorityCapable: false } });
    assert.deepEqual(dedicatedOnly.length, 1);
    assert.match(
      dedicatedOnly[0] ?? '',
      /not offered as low priority in westeurope; set cluster\.priority to dedicated/,
    );
  });
});
