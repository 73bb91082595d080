import assert from 'node:assert/strict';
import type { ListedCheckpoint } from '../../domain/resume/listing.js';
import { stands } from '../../domain/resume/verification.js';

const listed = (etag: string): ListedCheckpoint => ({
  ...{ attempt: 'a001', incarnation: 'i', step: 40, path: 'runs/r/p1/attempts/a001/i/checkpoints/step-000000040' },
  files: [{ name: 'manifest.json', bytes: 10, etag }],
});
const recorded = (etag: string) => {
  const { path, files } = listed(etag);
  return { path, files, verdict: { kind: 'bad', reason: 'none' } } as const;
};

describe('domain: a record of a verified checkpoint', () => {
  it('stands while no file was written since, also where an older release wrote ETags without quotation marks', () => {
    assert.equal(stands(recorded('"0x8D1"'), listed('"0x8D1"')), true);
    assert.equal(stands(recorded('0x8D1'), listed('"0x8D1"')), true);
    assert.equal(stands(recorded('0x8D1'), listed('"0x8D2"')), false);
    assert.equal(stands(recorded('"0x8D1"'), listed('"0x8D2"')), false);
  });
});
