import assert from 'node:assert/strict';
import { attemptName, contentHash, jobName, runSlug } from '../../domain/names.js';
import { oddIds } from './odd-ids.js';

describe('domain: names', () => {
  const ids = oddIds();

  it('leaves ids alone that Azure takes as they are', () => {
    for (const id of ['demo', 'bert-base-2026', 'a', '7', 'x'.repeat(60), 'run-x0123456789abcde'])
      assert.equal(runSlug(id), id);
  });

  it('gives every id a name of 1 to 60 legal characters', () => {
    for (const id of ids) assert.match(runSlug(id), /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, JSON.stringify(id));
  });

  it('gives different ids different names, also those that differ in what is cut or replaced', () => {
    const names = new Map<string, string>();
    for (const id of ids) {
      const slug = runSlug(id);
      const other = names.get(slug);
      assert.ok(
        other === undefined || other === id,
        `${JSON.stringify(id)} and ${JSON.stringify(other)} are both ${slug}`,
      );
      names.set(slug, id);
    }
    assert.ok(names.size > 2_000, `${names.size} names`);
  });

  it('keeps a readable stem of an id that it has to change', () => {
    assert.match(runSlug('nightly-2026-11-23T00:33:02Z'), /^nightly-2026-11-23t00-33-02z-x[0-9a-f]{16}$/);
    assert.match(runSlug('***'), /^run-x[0-9a-f]{16}$/);
  });

  it('never takes a name that looks like a changed one for itself', () => {
    const changed = runSlug('Demo');
    assert.notEqual(runSlug(changed), changed);
    assert.notEqual(runSlug(runSlug(changed)), runSlug(changed));
  });

  it('makes job names that Azure takes, whatever the id, the phase and the attempt', () => {
    for (const id of ids) {
      for (const attempt of [1, 999, 1000, 123_456]) {
        const name = jobName(id, 'abcdefghijklmnop', attempt);
        assert.match(name, /^[A-Za-z0-9][A-Za-z0-9_-]*$/);
        assert.ok(name.length < 256, name);
      }
    }
  });

  it('counts attempts in three digits, and in more where three do not do', () => {
    assert.deepEqual([1, 42, 999, 1000].map(attemptName), ['a001', 'a042', 'a999', 'a1000']);
  });

  it('never gives two attempts the same job, of whatever run and phase', () => {
    const owners = new Map<string, string>();
    for (const run of ['demo', 'demo-p1', 'demo-p1-a001', 'p1', 'demo-p1-p1']) {
      for (const phase of ['p1', 'a001', 'p']) {
        for (const attempt of [1, 2, 1001]) {
          const name = jobName(run, phase, attempt);
          assert.equal(owners.get(name), undefined, `${name} belongs to ${owners.get(name)} and to ${run}/${phase}`);
          owners.set(name, `${run}/${phase}`);
        }
      }
    }
  });

  it('hashes equal values alike whatever the order of their keys, and different values differently', () => {
    const hash = contentHash({ a: 1, b: { c: [1, 2], d: null } });
    assert.equal(contentHash({ b: { d: null, c: [1, 2] }, a: 1 }), hash);
    assert.equal(contentHash({ a: 1, b: { c: [1, 2], d: null }, e: undefined }), hash);
    for (const other of [
      { a: 1, b: { c: [2, 1], d: null } },
      { a: '1', b: { c: [1, 2], d: null } },
      { a: 1 },
      [],
      null,
      '',
    ]) {
      assert.notEqual(contentHash(other), hash);
    }
    assert.match(hash, /^[0-9a-f]{64}$/);
  });
});
