import assert from 'node:assert/strict';
import { nodePrice } from '../../domain/prices.js';

describe('domain: the price of a node', () => {
  const retail = { currency: 'EUR', dedicated: 25, lowPriority: 5 };
  const listed = { currency: 'USD', dedicated: 27, lowPriority: 6 };
  const own = { pricePerNodeHour: 4, currency: 'GBP' };

  it("is the config's, else the price list's, else the VM sizes', else none", () => {
    const price = (facts: Parameters<typeof nodePrice>[1]) => nodePrice('low_priority', facts);
    assert.deepEqual(price({ config: own, retail, listed }), { perHour: 4, currency: 'GBP', from: 'config' });
    assert.deepEqual(price({ retail, listed }), { perHour: 5, currency: 'EUR', from: 'retail-prices' });
    assert.deepEqual(price({ retail: null, listed }), { perHour: 6, currency: 'USD', from: 'vm-sizes' });
    assert.deepEqual(price({ retail: null, listed: null }), { perHour: null, currency: 'USD', from: null });
  });

  it('is taken from the next source where one has none for the tier', () => {
    const noLowPriority = { ...retail, lowPriority: null };
    assert.equal(nodePrice('low_priority', { retail: noLowPriority, listed }).from, 'vm-sizes');
    assert.equal(nodePrice('dedicated', { retail: noLowPriority, listed }).perHour, 25);
  });

  it('may be nothing at all', () => {
    const free = nodePrice('dedicated', { config: { pricePerNodeHour: 0, currency: 'USD' }, retail, listed });
    assert.deepEqual([free.perHour, free.from], [0, 'config']);
  });
});
