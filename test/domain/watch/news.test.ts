import assert from 'node:assert/strict';
import { changeControl, newControl } from '../../../domain/control.js';
import { dueNow } from '../../../domain/watch/news.js';

describe('domain: what a look makes due', () => {
  const due = { limit: 'behind', do: 'restart', seconds: 700, limitSeconds: 600 } as const;
  const passed = { kind: 'ALIVE', due } as const;
  const told = changeControl(newControl(0), { stop: 'after-checkpoint' }, 1);

  it('is a passed limit, until the trainer is told to leave for it', () => {
    assert.equal(dueNow(passed, newControl(0)), due);
    assert.equal(dueNow(passed, told), null);
  });

  it('is a checkpoint to ask for, whatever the trainer is told', () => {
    const wanted = { ...due, do: 'request-checkpoint' } as const;
    assert.equal(dueNow({ kind: 'ALIVE', due: wanted }, told), wanted);
  });

  it('is nothing while nothing is known', () => {
    assert.equal(dueNow({ kind: 'UNKNOWN', because: 'HTTP 503' }, newControl(0)), null);
  });
});
