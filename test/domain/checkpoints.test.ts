import assert from 'node:assert/strict';
import { checkpointManifestSchema, newestFirst } from '../../domain/checkpoints.js';
import { checkpoint } from './samples.js';

const older = { incarnation: '20261123T010000000Z-ffffffff' };
const younger = { incarnation: '20261123T010000001Z-00000000' };

describe('domain: checkpoints', () => {
  it('tries the highest step first, and of equal steps the one of the younger incarnation', () => {
    const [low, high, again] = [checkpoint(80, younger), checkpoint(120, older), checkpoint(120, younger)];
    for (const order of [
      [low, high, again],
      [again, high, low],
      [high, low, again],
    ]) {
      assert.deepEqual(newestFirst(order), [again, high, low]);
    }
  });

  it('compares steps as numbers', () => {
    assert.deepEqual(
      newestFirst([checkpoint(9), checkpoint(100), checkpoint(20)]).map(({ step }) => step),
      [100, 20, 9],
    );
  });

  it('leaves the list that it was given as it was', () => {
    const list = Object.freeze([checkpoint(1), checkpoint(2)]);
    assert.deepEqual(
      newestFirst(list).map(({ step }) => step),
      [2, 1],
    );
  });

  const manifest = {
    format: 'bertha-checkpoint/1',
    ...{ run: 'demo', phase: 'p1', attempt: 'a001', incarnation: older.incarnation, step: 120, totalSteps: 360 },
    ...{ samples: 15360, tokens: 480000, parent: null, worldSize: 2, cursor: { position: 15360 } },
    ...{ configSha256: 'c', dataSha256: 'd', sampleHash: 's', at: '2026-11-23T01:02:03.456Z' },
    files: [{ name: 'model.safetensors', bytes: 123, sha256: 'f' }],
  };

  it('reads a manifest as the contract has it, and one with fields of a later payload', () => {
    assert.equal(checkpointManifestSchema.parse(manifest).step, 120);
    assert.equal(checkpointManifestSchema.parse({ ...manifest, precision: 'bfloat16' }).step, 120);
  });

  it('refuses a manifest that is not whole or not of this format', () => {
    const { sampleHash, ...incomplete } = manifest;
    assert.equal(sampleHash, 's');
    for (const broken of [
      incomplete,
      { ...manifest, files: [] },
      { ...manifest, step: -1 },
      { ...manifest, format: 'bertha-checkpoint/2' },
    ]) {
      assert.equal(checkpointManifestSchema.safeParse(broken).success, false);
    }
  });
});
