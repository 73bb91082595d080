import assert from 'node:assert/strict';
import type { TemporalTarget } from '../../temporal/connection.js';
import {
  type OperatorConnection,
  lookForSearchAttributes,
  registrationOf,
  searchAttributesSentence,
} from '../../temporal/search-attributes.js';

const all = { BerthaState: 2, BerthaPhase: 2, BerthaJob: 2, BerthaAttempt: 3, BerthaStep: 3 };
const target: TemporalTarget = { address: '127.0.0.1:7233', namespace: 'prod', options: {}, from: 'environment' };
const connectionThat = (answer: () => Promise<{ customAttributes?: Record<string, number> }>) =>
  ({
    operatorService: { listSearchAttributes: answer },
    withDeadline: (_deadline: number, work: () => unknown) => work(),
  }) as unknown as OperatorConnection;

describe('temporal: search attributes', () => {
  it('are used where all are registered, other ones beside them or not', () => {
    assert.deepEqual(registrationOf({ ...all, CustomerId: 2 }), { kind: 'registered' });
    assert.equal(searchAttributesSentence({ kind: 'registered' }, target), null);
  });

  it('that are missing are named, with the commands that register them', () => {
    const { BerthaStep: _step, BerthaJob: _job, ...some } = all;
    const registration = registrationOf(some);
    assert.deepEqual(registration, { kind: 'missing', names: ['BerthaJob', 'BerthaStep'] });
    assert.equal(
      searchAttributesSentence(registration, target),
      'search attributes BerthaJob, BerthaStep are not registered in namespace prod, so runs do without them (and all else works); register them with: ' +
        'temporal operator search-attribute create --namespace prod --name BerthaJob --type Keyword && ' +
        'temporal operator search-attribute create --namespace prod --name BerthaStep --type Int',
    );
    const local = { ...target, from: 'local stack' } as const;
    assert.match(
      searchAttributesSentence(registration, local) ?? '',
      /create --address 127\.0\.0\.1:7233 --namespace prod /,
    );
  });

  it('are not used where one is registered with another type: writing to it would fail the run', () => {
    const registration = registrationOf({ ...all, BerthaStep: 2 });
    assert.deepEqual(registration, { kind: 'taken', name: 'BerthaStep' });
    assert.match(
      searchAttributesSentence(registration, target) ?? '',
      /BerthaStep is registered in namespace prod with another type than Int, so runs do without/,
    );
  });

  it('are not used where the server does not say, as Temporal Cloud may not, and that is no failure', async () => {
    const refuses = connectionThat(() => Promise.reject(new Error('7 PERMISSION_DENIED: Request unauthorized.')));
    const registration = await lookForSearchAttributes(refuses, 'prod');
    assert.deepEqual(registration, { kind: 'unknown', because: '7 PERMISSION_DENIED: Request unauthorized.' });
    assert.match(
      searchAttributesSentence(registration, target) ?? '',
      /does not say .*PERMISSION_DENIED.*so runs do without them/,
    );
  });
});
