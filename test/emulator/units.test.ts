import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expand } from '../../emulator/agent/expand.js';
import { ensureCertificates } from '../../emulator/certificates/certificates.js';
import { durationSeconds } from '../../emulator/durations.js';
import { closedFiles, deletedFiles } from '../../emulator/mount/closed.js';
import type { Signature } from '../../emulator/mount/tree.js';
import { globTest } from '../../emulator/scenario/glob.js';
import { parseScenario } from '../../emulator/scenario/schema.js';
import { parseDataUri } from '../../emulator/storage/uri.js';
import { Store } from '../../emulator/store/store.js';
import { timeSpan, timestamp } from '../../emulator/timestamps.js';

describe('emulator: expressions in commands', () => {
  const bindings = { inputs: { lr: '0.1', data: '/n/in' }, outputs: { out: '/n/out' } };

  it('expands inputs and outputs, with or without spaces', () => {
    const command = 'train --lr ${{inputs.lr}} --data ${{ inputs.data }} --out ${{outputs.out}} $HOME ${RANK}';
    assert.equal(expand(command, bindings), 'train --lr 0.1 --data /n/in --out /n/out $HOME ${RANK}');
  });

  it('names an expression that stands for nothing', () => {
    assert.throws(
      () => expand('${{inputs.typo}}', bindings),
      /\$\{\{inputs\.typo\}\}.*no such input; it has: lr, data\./,
    );
  });
});

describe('emulator: which files a mount sends', () => {
  const file = (changed: number, inode = 1, bytes = 1): Signature => ({
    bytes,
    modified: BigInt(changed),
    changed: BigInt(changed),
    inode: BigInt(inode),
  });
  const noticed = (): undefined => undefined;

  it('takes closed and changed files only, by the time of their last change', () => {
    const files = new Map([
      ['b', file(30)],
      ['a', file(20)],
      ['open', file(10)],
      ['same', file(5)],
    ]);
    const sent = new Map([
      ['same', file(5)],
      ['a', file(1)],
    ]);
    assert.deepEqual(closedFiles({ files, sent, open: new Set(['open']), noticed, now: 0 }).closed, ['a', 'b']);
  });

  it('orders changes within one tick of the clock as they were noticed, and otherwise by inode', () => {
    const files = new Map([
      ['manifest.json', file(7, 3)],
      ['model', file(7, 9)],
      ['rng', file(7, 4)],
    ]);
    const order: Record<string, number> = { model: 1, rng: 2, 'manifest.json': 3 };
    const closing = { files, sent: new Map<string, Signature>(), open: new Set<string>(), now: 0 };
    assert.deepEqual(closedFiles({ ...closing, noticed: (name) => order[name] }).closed, [
      'model',
      'rng',
      'manifest.json',
    ]);
    assert.deepEqual(closedFiles({ ...closing, noticed }).closed, ['manifest.json', 'rng', 'model']);
  });

  it('lets nothing overtake an empty file that may just be being opened, until it has been quiet for a second', () => {
    const second = 1_000_000_000;
    const files = new Map([
      ['after', file(3 * second)],
      ['empty', file(2 * second, 1, 0)],
      ['before', file(second)],
    ]);
    const closing = { files, sent: new Map<string, Signature>(), open: new Set<string>(), noticed };
    assert.deepEqual(closedFiles({ ...closing, now: 2900 }), { closed: ['before'], waits: true });
    assert.deepEqual(closedFiles({ ...closing, now: 3000 }), { closed: ['before', 'empty', 'after'], waits: false });
    assert.deepEqual(closedFiles({ ...closing, now: 2900, open: new Set(['empty']) }), {
      closed: ['before', 'after'],
      waits: false,
    });
  });

  it('counts as deleted what was sent and is gone', () => {
    assert.deepEqual(
      deletedFiles({
        files: new Map([['a', file(1)]]),
        sent: new Map([
          ['a', file(1)],
          ['b', file(1)],
        ]),
      }),
      ['b'],
    );
  });
});

describe('emulator: scenario files', () => {
  it('fills in what a rule leaves out', () => {
    const { rules } = parseScenario(
      'rules:\n  - when: {job: "demo-*", blob: "**/heartbeat.json", json: {path: step, atLeast: 143}}\n    do: {evict: {node: 1}}\n',
      's.yaml',
    );
    assert.deepEqual(rules, [
      {
        when: { job: 'demo-*', blob: '**/heartbeat.json', json: { path: 'step', atLeast: 143 } },
        times: 1,
        after: 0,
        do: { evict: { node: 1, face: 'failed' } },
      },
    ]);
  });

  for (const [what, text, message] of [
    [
      'an unknown field',
      'rules: [{when: {blob: x}, do: {evict: {}}, oops: 1}]',
      /^Field rules\[0\] of the scenario s\.yaml is wrong: .*oops/,
    ],
    ['a wrong node', 'rules: [{when: {blob: x}, do: {evict: {node: -1}}}]', /^Field rules\[0\]\.do\.evict\.node of/],
    [
      'a rule that waits for nothing',
      'rules: [{when: {job: x}, do: {evict: {}}}]',
      /^Field rules\[0\]\.when of .* needs either blob or status or at/,
    ],
    ['nothing to do', '{seed: 1}', /^The file of the scenario s\.yaml is wrong: needs rules, evictions/],
    ['an empty file', '', /^The file of the scenario s\.yaml is wrong/],
    ['no YAML', 'rules: [', /^The scenario s\.yaml is no YAML/],
  ] as const) {
    it(`refuses ${what} in one sentence`, () => {
      assert.throws(
        () => parseScenario(text, 's.yaml'),
        (error: Error) => message.test(error.message) && !error.message.includes('\n'),
      );
    });
  }

  it('matches names with stars that stay in a folder and double stars that do not', () => {
    assert.equal(globTest('*/heartbeat.json')('a/heartbeat.json'), true);
    assert.equal(globTest('*/heartbeat.json')('a/b/heartbeat.json'), false);
    assert.equal(globTest('**/heartbeat.json')('heartbeat.json'), true);
    assert.equal(globTest('**/heartbeat.json')('a/b/heartbeat.json'), true);
    assert.equal(globTest('demo-p?-a*')('demo-p1-a001'), true);
    assert.equal(globTest('a.c')('abc'), false);
  });
});

describe('emulator: addresses of data', () => {
  for (const [uri, expected] of [
    ['azureml://datastores/ds/paths/a/b/', { kind: 'datastore', datastore: 'ds', path: 'a/b/' }],
    [
      'azureml://subscriptions/s/resourcegroups/r/workspaces/w/datastores/ds/paths/a',
      { kind: 'datastore', datastore: 'ds', path: 'a' },
    ],
    [
      'https://acc.blob.core.windows.net:443/box/a%20b',
      { kind: 'blob', account: 'acc', container: 'box', path: 'a b' },
    ],
    ['https://127.0.0.1:10000/acc/box/a', { kind: 'blob', account: 'acc', container: 'box', path: 'a' }],
    ['azureml:wiki:3', { kind: 'asset', name: 'wiki', version: '3' }],
    ['/subscriptions/s/x/data/wiki/versions/3', { kind: 'asset', name: 'wiki', version: '3' }],
    ['./local', undefined],
  ] as const) {
    it(`reads ${uri}`, () => assert.deepEqual(parseDataUri(uri), expected));
  }
});

describe('emulator: times', () => {
  it('writes them as the service does', () => {
    assert.equal(timestamp(new Date('2026-03-27T04:02:25.190Z')), '2026-03-27T04:02:25.19+00:00');
    assert.equal(timestamp(new Date('2026-03-27T04:02:25.000Z')), '2026-03-27T04:02:25+00:00');
    assert.equal(timeSpan(90_061_500), '1.01:01:01.5000000');
  });

  it('reads ISO durations and nothing else', () => {
    assert.equal(durationSeconds('P7DT1H'), 608_400);
    assert.equal(durationSeconds('PT90S'), 90);
    for (const text of ['', 'P', 'PT', '90', 'PT1H ']) assert.equal(durationSeconds(text), undefined, text);
  });
});

describe('emulator: what lies on disk', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'emulator-units-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps entities over a restart, by name without case, and forgets the deleted', async () => {
    const store = await Store.open(folder, ['things']);
    const things = store.collection<{ n: number }>('things');
    things.put('a:B/1', { n: 1 });
    things.put('other', { n: 2 });
    things.delete('OTHER');
    await store.flush();
    const again = (await Store.open(folder, ['things'])).collection<{ n: number }>('things');
    assert.deepEqual(again.all(), [{ n: 1 }]);
    assert.deepEqual(again.get('A:b/1'), { n: 1 });
  });

  it('ignores a file that a crash left half-written', async () => {
    const store = await Store.open(folder, ['things']);
    store.collection<object>('things').put('a', { n: 1 });
    await store.flush();
    await writeFile(join(folder, 'things', 'b.json.tmp'), '{"n":');
    assert.deepEqual((await Store.open(folder, ['things'])).collection<object>('things').all(), [{ n: 1 }]);
  });

  it('makes a certificate for loopback once, and a new one when it does not fit its authority', async () => {
    const files = await ensureCertificates(folder);
    const server = new X509Certificate(await readFile(files.certFile));
    assert.equal(server.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(server.checkHost('localhost'), 'localhost');
    assert.ok(server.checkIssued(new X509Certificate(await readFile(files.caFile))));
    await ensureCertificates(folder);
    assert.equal(server.fingerprint256, new X509Certificate(await readFile(files.certFile)).fingerprint256);
    await writeFile(files.caFile, 'broken');
    await ensureCertificates(folder);
    assert.notEqual(server.fingerprint256, new X509Certificate(await readFile(files.certFile)).fingerprint256);
    assert.deepEqual((await readdir(folder)).sort(), [
      'azure.key',
      'azure.pem',
      'ca.pem',
      'server.key',
      'server.pem',
      'storage.key',
      'storage.pem',
    ]);
  });
});
