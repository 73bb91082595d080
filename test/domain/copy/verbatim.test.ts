import assert from 'node:assert/strict';
import { VerbatimManifestSchema, verbatimFolder, verbatimManifest } from '../../../domain/copy/verbatim.js';

describe('domain: a verbatim copy', () => {
  const listing = [
    { path: 'b', bytes: 2, etag: '"2"' },
    { path: 'a', bytes: 1, etag: '"1"' },
  ];

  it('lies in a folder of its own for each source and each state of it, whatever the order of the listing', () => {
    const folder = verbatimFolder('wiki', 'https://a/c/x', listing);
    assert.match(folder, /^data\/wiki\/verbatim-[0-9a-f]{16}$/);
    assert.equal(verbatimFolder('wiki', 'https://a/c/x', [...listing].reverse()), folder);
    assert.notEqual(verbatimFolder('wiki', 'https://a/c/y', listing), folder);
    assert.notEqual(verbatimFolder('wiki', 'https://a/c/x', [{ path: 'b', bytes: 2, etag: '"3"' }]), folder);
  });

  it('has a manifest of bytes and hashes, in name order, that its own schema takes', () => {
    const blobs = listing.map(({ path, bytes }) => ({ path, bytes, sourceEtag: '"1"', crc64: 'ae8b14860a799888' }));
    const manifest = verbatimManifest('wiki', 'https://a/c/x', blobs);
    assert.deepEqual(
      manifest.blobs.map(({ path }) => path),
      ['a', 'b'],
    );
    assert.equal(manifest.bytes, 3);
    assert.deepEqual(VerbatimManifestSchema.parse(JSON.parse(JSON.stringify(manifest))), manifest);
    assert.equal(VerbatimManifestSchema.safeParse({ ...manifest, format: 'bertha-dataset/1' }).success, false);
  });
});
