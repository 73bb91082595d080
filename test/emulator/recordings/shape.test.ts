import assert from 'node:assert/strict';

import type { Exchange } from './files.js';
import { headerDifferences } from './headers.js';
import { differences } from './shape.js';

const PATH = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/jobs/j';
const HOST = 'https://management.azure.com';

const job = {
  id: PATH,
  properties: { status: 'Starting', description: null, isArchived: false, tags: { a: '1' }, resources: [{ count: 1 }] },
  systemData: { createdAt: '2024-01-01T00:00:00.1+00:00', createdBy: 'Sanitized' },
};

describe('emulator: what the comparison with a recording notices', () => {
  const changed = (change: (copy: typeof job) => void): string[] => {
    const copy = structuredClone(job);
    change(copy);
    return differences(job, copy, PATH);
  };

  it('nothing where times, people and free text differ', () => {
    const found = changed((copy) => {
      copy.systemData = { createdAt: '2026-12-01T10:00:00+00:00', createdBy: 'Local User' };
      copy.properties.tags.a = 'another';
    });
    assert.deepEqual(found, []);
  });

  const noticed: [string, (copy: typeof job) => void, RegExp][] = [
    ['a field too few', (copy) => Reflect.deleteProperty(copy.properties, 'isArchived'), /isArchived is missing/],
    ['a field too many', (copy) => Object.assign(copy.properties, { more: 1 }), /more was not recorded/],
    ['a field too many in a map', (copy) => Object.assign(copy.properties.tags, { b: '2' }), /tags.b was not recorded/],
    ['null in the place of a text', (copy) => Object.assign(copy.properties.tags, { a: null }), /tags.a: "1" recorded/],
    ['a text in the place of null', (copy) => Object.assign(copy.properties, { description: '' }), /description: null/],
    ['a number as text', (copy) => Object.assign(copy.properties.resources[0] ?? {}, { count: '1' }), /\[0\].count/],
    ['another word', (copy) => (copy.properties.status = 'Queued'), /status: "Starting" recorded, "Queued" answered/],
    ['another truth', (copy) => (copy.properties.isArchived = true), /isArchived: false recorded/],
    ['an id of another form', (copy) => (copy.id = copy.id.replace('resourceGroups', 'resourcegroups')), /body.id/],
    ['a time of another form', (copy) => (copy.systemData.createdAt = '2024-01-01'), /createdAt/],
    ['another number of entries', (copy) => copy.properties.resources.push({ count: 1 }), /1 entries recorded, 2/],
  ];
  for (const [what, change, sentence] of noticed)
    it(what, () => {
      const found = changed(change);
      assert.equal(found.length, 1);
      assert.match(found[0] ?? '', sentence);
    });

  it('headers that are missing, too many, or lead to another kind of place', () => {
    const exchange = {
      headers: {
        location: `${HOST}${PATH}?api-version=2024-04-01`,
        'content-type': 'application/json; charset=utf-8',
        'x-ms-ratelimit-remaining-subscription-writes': '1199',
      },
    } as unknown as Exchange;
    const same = {
      location: `https://127.0.0.1:1${PATH}?api-version=2024-04-01`,
      'content-type': 'application/json; charset=utf-8',
      'x-ms-ratelimit-remaining-subscription-writes': '7',
      'x-ms-ratelimit-remaining-subscription-global-writes': '70',
    };
    assert.deepEqual(headerDifferences(exchange, same), []);
    assert.match(headerDifferences(exchange, { ...same, location: undefined })[0] ?? '', /location: .* none answered/);
    const elsewhere = { ...same, location: `${HOST}${PATH}?api-version=2023-10-01` };
    assert.equal(headerDifferences(exchange, elsewhere).length, 1);
    assert.equal(headerDifferences(exchange, { ...same, 'content-type': 'application/json' }).length, 1);
    assert.equal(headerDifferences(exchange, { ...same, 'retry-after': '1' }).length, 1);
    const reads = { ...same, 'x-ms-ratelimit-remaining-subscription-reads': '1' };
    assert.match(headerDifferences(exchange, reads)[0] ?? '', /headers of limits/);
  });
});
