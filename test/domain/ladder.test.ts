import assert from 'node:assert/strict';
import type { LineagePart } from '../../domain/attempts.js';
import { climb, quarantined } from '../../domain/resume/ladder.js';
import { type ListedCheckpoint, checkpointsAmong } from '../../domain/resume/listing.js';
import { type CheckpointRecord, badRecord, readManifest, recordOf, stands } from '../../domain/resume/verification.js';
import { checkpoint } from './samples.js';

const FILES = ['model.safetensors', 'optimizer.safetensors', 'manifest.json'];

function listed(
  step: number,
  over: { attempt?: string; incarnation?: string; files?: readonly string[] } = {},
): ListedCheckpoint {
  const { attempt = 'a001', incarnation = 'i1', files = FILES } = over;
  const { path } = checkpoint(step, { attempt, incarnation });
  return { attempt, incarnation, step, path, files: files.map((name) => ({ name, bytes: 10, etag: `${name}-1` })) };
}

const manifestOf = ({ step, attempt, incarnation }: ListedCheckpoint, parent: object | null = null) => ({
  ...{ format: 'bertha-checkpoint/1', run: 'demo', phase: 'p1', attempt, incarnation, step, totalSteps: 360 },
  ...{
    samples: 1,
    tokens: 1,
    parent,
    worldSize: 2,
    cursor: { position: step * 128 },
    configSha256: 'c',
    dataSha256: 'd',
  },
  ...{ sampleHash: `hash-${step}`, at: '2026-11-23T01:00:00.000Z' },
  files: FILES.slice(0, 2).map((name) => ({ name, bytes: 10, sha256: `sha-${name}` })),
});
const hashes = Object.fromEntries(FILES.map((name) => [name, `sha-${name}`]));

function good(one: ListedCheckpoint, parent: object | null = null): CheckpointRecord {
  const manifest = readManifest(one, 'p1', manifestOf(one, parent));
  assert.ok(!('bad' in manifest));
  return recordOf(one, manifest, hashes);
}

const ask = (
  checkpoints: ListedCheckpoint[],
  records: CheckpointRecord[],
  lineage: LineagePart[] = [],
  below: number | null = null,
) => climb({ phase: 'p1', checkpoints, records, lineage, below });

describe('domain: the resume ladder', () => {
  const [c40, c80, c120] = [listed(40), listed(80), listed(120)];

  it('takes the newest checkpoint that was hashed and not touched since', () => {
    const answer = ask([c40, c120, c80], [good(c40), good(c80), good(c120)]);
    assert.equal(answer.kind, 'take');
    assert.deepEqual([answer.checkpoint.step, answer.checkpoint.position, answer.rejected], [120, 120 * 128, []]);
  });

  it('asks for the newest to be hashed where it was not, and goes no rung down for it', () => {
    const answer = ask([c80, c120], [good(c80)]);
    assert.equal(answer.kind, 'verify');
    assert.equal(answer.checkpoint.step, 120);
  });

  it('asks again where a file was written or cut since it was hashed', () => {
    for (const change of [{ etag: 'model-2' }, { bytes: 9 }, { name: 'other' }]) {
      const touched = { ...c120, files: [{ ...c120.files[0]!, ...change }, ...c120.files.slice(1)] };
      assert.equal(stands(good(c120), touched), false);
      assert.equal(ask([c80, touched], [good(c80), good(c120)]).kind, 'verify');
    }
  });

  it('goes down past a bad one, says why, and moves it out of the way', () => {
    const answer = ask([c80, c120], [good(c80), badRecord(c120, 'model.safetensors is damaged')]);
    assert.equal(answer.kind, 'take');
    assert.equal(answer.checkpoint.step, 80);
    assert.deepEqual(answer.rejected, [{ path: c120.path, reason: 'model.safetensors is damaged' }]);
    assert.deepEqual(answer.quarantine, [quarantined(c120.path, 'model.safetensors is damaged')]);
    assert.match(answer.quarantine[0]?.to ?? '', /\/quarantine\/step-000000120$/);
  });

  it('reports one that never got its manifest and leaves it where it is: somebody may still be writing it', () => {
    const answer = ask([c80, listed(120, { files: FILES.slice(0, 2) })], [good(c80)]);
    assert.equal(answer.kind, 'take');
    assert.deepEqual([answer.checkpoint.step, answer.rejected.length, answer.quarantine.length], [80, 1, 0]);
  });

  it('takes any attempt and any incarnation', () => {
    const all = [
      listed(80, { attempt: 'a002', incarnation: 'i3' }),
      listed(120, { attempt: 'a001', incarnation: 'i2' }),
      c40,
    ];
    const answer = ask(
      all,
      all.map((one) => good(one)),
      [{ attempt: 'a001', upTo: 200 }],
    );
    assert.equal(answer.kind === 'take' && answer.checkpoint.step, 120);
  });

  it('begins below the step that was refused', () => {
    assert.equal(kindAndStep(ask([c40, c80, c120], [good(c40), good(c80), good(c120)], [], 120)), 'take 80');
    assert.equal(kindAndStep(ask([c120], [good(c120)], [], 120)), 'nothing -');
  });

  it('B17 passes by what a late writer of a closed attempt added', () => {
    const ghost = listed(160, { attempt: 'a001' });
    const lineage = [
      { attempt: 'a001', upTo: 120 },
      { attempt: 'a002', upTo: 0 },
    ];
    assert.equal(kindAndStep(ask([c120, ghost], [good(c120), good(ghost)], lineage)), 'take 120');
  });

  it('passes by what continues an undone step', () => {
    const child = listed(200, { attempt: 'a003' });
    const record = good(child, { attempt: 'a001', incarnation: 'i1', step: 160 });
    const lineage = [
      { attempt: 'a001', upTo: 120 },
      { attempt: 'a002', upTo: 0 },
    ];
    const answer = ask([c120, child], [good(c120), record], lineage);
    assert.equal(kindAndStep(answer), 'take 120');
    assert.match(answer.rejected[0]?.reason ?? '', /continues step 160 of a001, which was undone/);
  });

  it('finds nothing where nothing is', () => {
    assert.deepEqual(ask([], []), { kind: 'nothing', rejected: [], quarantine: [] });
  });
});

const kindAndStep = (answer: ReturnType<typeof ask>) =>
  `${answer.kind} ${'checkpoint' in answer ? answer.checkpoint.step : '-'}`;

describe('domain: reading a manifest against its folder', () => {
  const one = listed(120);
  const refusals: [string, unknown, RegExp][] = [
    ['that is not whole', null, /no whole manifest/],
    ['of another format', { ...manifestOf(one), format: 'x' }, /not valid \(format\)/],
    ['of another step', { ...manifestOf(one), step: 80 }, /names step 80/],
    ['of another incarnation', { ...manifestOf(one), incarnation: 'i9' }, /a001\/i9/],
    [
      'that names a file which is missing',
      { ...manifestOf(one), files: [{ name: 'rng', bytes: 1, sha256: 's' }] },
      /rng is missing/,
    ],
    [
      'that names another length',
      { ...manifestOf(one), files: [{ name: FILES[0], bytes: 11, sha256: 's' }] },
      /has 10 bytes, its manifest says 11/,
    ],
  ];
  for (const [what, raw, expected] of refusals) {
    it(`refuses one ${what}`, () => {
      const read = readManifest(one, 'p1', raw);
      assert.match('bad' in read ? read.bad : '', expected);
    });
  }

  it('calls a checkpoint bad whose file has another hash, or none', () => {
    const manifest = readManifest(one, 'p1', manifestOf(one));
    assert.ok(!('bad' in manifest));
    for (const wrong of [{}, { ...hashes, 'model.safetensors': 'x' }])
      assert.equal(recordOf(one, manifest, wrong).verdict.kind, 'bad');
    assert.equal(recordOf(one, manifest, hashes).verdict.kind, 'good');
  });

  it('finds checkpoint folders among blobs, whole or not, and nothing else', () => {
    const blob = (path: string) => ({ path, bytes: 10, etag: 'e' });
    const found = checkpointsAmong([
      ...FILES.map((name) => blob(`${one.path}/${name}`)),
      blob(`${listed(80).path}/model.safetensors`),
      blob('runs/demo/p1/attempts/a001/i1/heartbeat.json'),
      blob('runs/demo/p1/attempts/a001/i1/quarantine/step-000000040/model.safetensors'),
    ]);
    assert.deepEqual(
      found.map(({ step, files }) => [step, files.length]),
      [
        [120, 3],
        [80, 1],
      ],
    );
  });
});
