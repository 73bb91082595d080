import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { armRequest } from '../../azure/arm.js';
import { getCluster } from '../../azure/cluster.js';
import { containerSignature } from '../../emulator/storage/signature.js';
import { bertha } from '../../installation.js';
import { activities, azure, config, place } from './support/deps.js';
import { failure, run } from './support/run.js';
import { sharedStack } from './support/stack.js';

describe('activities: infrastructure', function () {
  this.timeout(30_000);
  before(sharedStack);

  const where = (storage: object = {}) => ({
    place: { ...place('infra'), storage: { ...place('infra').storage, ...storage } },
  });
  const raw = async (path: string) =>
    (await armRequest(azure(), 'GET', path)).body as { properties: Record<string, unknown> };

  describe('storage', () => {
    it('registers a datastore without credentials, and accepts the same one again', async () => {
      const mine = where({ datastore: 'mine', container: 'mine' });
      assert.equal(await run(activities.ensureStorage, mine), 'created');
      assert.equal(await run(activities.ensureStorage, mine), 'existing');
      const { properties } = await raw('/datastores/mine');
      assert.equal(properties['accountName'], 'devstoreaccount1');
      assert.equal(properties['containerName'], 'mine');
      assert.deepEqual(properties['credentials'], { credentialsType: 'None' });
    });

    it('refuses a datastore that points elsewhere, and leaves it as it is', async () => {
      await run(activities.ensureStorage, where({ datastore: 'theirs', container: 'theirs' }));
      const { type, nonRetryable, message } = await failure(
        run(activities.ensureStorage, where({ datastore: 'theirs', container: 'ours' })),
      );
      assert.deepEqual({ type, nonRetryable }, { type: 'Azure:permanent', nonRetryable: true });
      assert.match(
        message,
        /^datastore theirs exists and points to devstoreaccount1\/theirs \(AzureBlob\), not to devstoreaccount1\/ours; choose another/,
      );
      assert.equal((await raw('/datastores/theirs')).properties['containerName'], 'theirs');
    });
  });

  describe('what jobs will read', () => {
    const NAME = 'DATASTORE_TEST_SECRET';
    const PATH = 'data/tiny/0/manifest.json';
    afterEach(() => delete process.env[NAME]);
    const written = async (container: string) => {
      const made = azure().container('devstoreaccount1', container);
      await made.ensure();
      await made.write(PATH, '{}');
      return { account: 'devstoreaccount1', key: await accountKey(), container };
    };
    const accountKey = async () => readFileSync((await sharedStack()).places.storageKey, 'utf8').trim();
    const ensure = (container: string, storage: object = {}) =>
      run(activities.ensureStorage, { ...where({ datastore: container, container, ...storage }), reads: PATH });

    it('is read with a SAS or a key where the config names one, which the datastore then holds', async () => {
      const place = await written('signed');
      process.env[NAME] = `?${containerSignature(place, 1)}`;
      assert.equal(await ensure('signed', { sasEnv: NAME }), 'created');
      assert.deepEqual((await raw('/datastores/signed')).properties['credentials'], { credentialsType: 'Sas' });
      delete process.env[NAME];
      assert.equal(await ensure('signed', { sasEnv: NAME }), 'existing', 'the datastore has it');
      const keyed = await written('keyed');
      process.env[NAME] = keyed.key;
      assert.equal(await ensure('keyed', { keyEnv: NAME }), 'created');
      assert.deepEqual((await raw('/datastores/keyed')).properties['credentials'], { credentialsType: 'AccountKey' });
    });

    it('is refused before any job where the secret of the datastore does not open it, and no part of it is told', async () => {
      const place = await written('locked');
      process.env[NAME] = containerSignature({ ...place, container: 'another' }, 1);
      const { type, nonRetryable, message } = await failure(ensure('locked', { sasEnv: NAME }));
      assert.deepEqual({ type, nonRetryable }, { type: 'Azure:permanent', nonRetryable: true });
      assert.match(
        message,
        /^jobs could not read locked\/data\/tiny\/0\/manifest\.json: the Sas in datastore locked does not open devstoreaccount1\/locked: renew it/,
      );
      assert.doesNotMatch(message, /sig=/);
    });

    it('is refused where it is not there, and a secret that nobody has set by its name', async () => {
      await written('bare');
      const elsewhere = { ...where({ datastore: 'bare', container: 'bare' }), reads: 'data/none/manifest.json' };
      const { nonRetryable, message } = await failure(run(activities.ensureStorage, elsewhere));
      assert.equal(nonRetryable, true);
      assert.equal(message, 'jobs could not read bare/data/none/manifest.json: there is no such blob');
      const unset = await failure(ensure('unset', { keyEnv: NAME }));
      assert.match(unset.message, /^the account key of the datastore is to be read from DATASTORE_TEST_SECRET, and/);
    });
  });

  describe('cluster', () => {
    const ensure = (chain: string, changes: object = {}, name = 'infra') => {
      const cluster = { ...config(name).cluster, name: 'infra', nodes: 2, ...changes };
      return run(activities.ensureCluster, { place: place(name), cluster, region: 'eastus', chain });
    };
    const claim = (chain: string) =>
      run(activities.claimRun, { place: where().place, config: config('infra'), spec: 's', chain, continueRun: true });
    before(() => claim('chain-1'));

    it('is created as low priority, scaling from zero, with the tags of the run', async () => {
      assert.deepEqual(await ensure('chain-1'), { ours: true, created: true });
      const made = await getCluster(azure(), 'infra');
      assert.deepEqual(
        { ...made },
        {
          ...{
            name: 'infra',
            sku: 'STANDARD_DS2_V2',
            priority: 'low_priority',
            maxNodes: 2,
            nodes: 0,
            provisioningState: 'Succeeded',
          },
          ...{ tags: { 'bertha.run': 'infra', 'bertha.chain': 'chain-1' }, errors: [] },
        },
      );
    });

    it('is ours when the same run asks again, also after --continue, and another run finds it as it is', async () => {
      const before = await raw('/computes/infra');
      assert.deepEqual(await ensure('chain-1'), { ours: true, created: false });
      await claim('chain-2');
      assert.deepEqual(await ensure('chain-2'), { ours: true, created: false });
      const wishes = { nodes: 7, sku: 'Standard_DS3_v2', priority: 'dedicated' };
      assert.deepEqual(await ensure('chain-3', wishes, 'another'), { ours: false, created: false });
      assert.deepEqual(await raw('/computes/infra'), before);
    });
  });

  describe('environment', () => {
    const ensure = (changes: object = {}) =>
      run(activities.ensureEnvironment, { ...where(), environment: { ...config('infra').environment, ...changes } });

    it('is versioned by its content: the same asked twice is one, another image is another', async () => {
      const first = await ensure();
      assert.deepEqual(await ensure(), first);
      assert.match(first.id, /\/environments\/tiny\/versions\/[0-9a-f]{16}$/);
      const other = await ensure({ image: 'mcr.microsoft.com/azureml/other' });
      assert.notEqual(other.id, first.id);
      const listed = (await armRequest(azure(), 'GET', '/environments/tiny/versions')).body as {
        value: { id: string }[];
      };
      assert.deepEqual(listed.value.map(({ id }) => id).sort(), [first.id, other.id].sort());
    });

    it('holds every pinned requirement in its conda file, without the hashes that conda does not know', async () => {
      const { id } = await ensure();
      const { properties } = await raw(id.slice(id.indexOf('/environments')));
      const conda = String(properties['condaFile']);
      assert.match(conda, /"torch==2[0-9.]+/);
      assert.equal(conda.includes('--hash'), false);
      assert.equal(properties['image'], config('infra').environment.image);
    });

    it('is the one that exists where the config names its version, and nothing is made or changed', async () => {
      const { id } = await ensure();
      const path = id.slice(id.indexOf('/environments'));
      const before = await raw(path);
      const named = { version: id.split('/').at(-1), image: undefined, requirements: undefined };
      assert.deepEqual(await ensure(named), { id });
      assert.deepEqual(await raw(path), before);
      const { nonRetryable, message } = await failure(ensure({ ...named, version: '7' }));
      assert.equal(nonRetryable, true);
      assert.match(message, /^the workspace has no environment tiny:7; correct environment.version/);
    });

    it('is refused where the requirements file cannot be read', async () => {
      const { nonRetryable, message } = await failure(ensure({ requirements: 'training/nowhere.txt' }));
      assert.equal(nonRetryable, true);
      assert.equal(message, 'environment.requirements: training/nowhere.txt cannot be read on this worker');
    });
  });

  describe('code', () => {
    const folder = bertha('stacks', 'activities-test', 'code');
    const ensure = () => run(activities.ensureCode, { ...where(), folder });
    before(() => {
      mkdirSync(join(folder, 'package', '__pycache__'), { recursive: true });
      writeFileSync(join(folder, 'main.py'), 'print("hello")\n');
      writeFileSync(join(folder, 'package', 'model.py'), 'layers = 2\n');
      writeFileSync(join(folder, 'package', '__pycache__', 'model.pyc'), 'compiled');
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it('B18 is uploaded once: a second call finds the version named by its content', async () => {
      const first = await ensure();
      assert.equal(first.reused, false);
      assert.deepEqual(await ensure(), { ...first, reused: true });
      assert.equal(first.id.endsWith(`/codes/bertha-code/versions/${first.version}`), true);
    });

    it('B19 is one version where several runs upload it at the same moment: a blob or version that is there already is no failure', async () => {
      writeFileSync(join(folder, 'main.py'), `print("together ${Date.now()}")\n`);
      const all = await Promise.all(Array.from({ length: 6 }, ensure));
      assert.equal(new Set(all.map(({ id }) => id)).size, 1);
      assert.deepEqual(await uploaded(all[0]?.version ?? ''), ['main.py', 'package/model.py']);
    });

    it('leaves out what Python compiled, in the upload and in the hash', async () => {
      const { version } = await ensure();
      writeFileSync(join(folder, 'package', '__pycache__', 'model.pyc'), 'compiled anew');
      assert.equal((await ensure()).version, version);
      assert.deepEqual(await uploaded(version), ['main.py', 'package/model.py']);
    });

    it('becomes a new version when a file changes or gets another name', async () => {
      const versions = [(await ensure()).version];
      writeFileSync(join(folder, 'main.py'), 'print("hello!")\n');
      versions.push((await ensure()).version);
      writeFileSync(join(folder, 'other.py'), 'print("hello!")\n');
      rmSync(join(folder, 'main.py'));
      versions.push((await ensure()).version);
      assert.equal(new Set(versions).size, 3);
    });

    async function uploaded(version: string): Promise<string[]> {
      const { properties } = await raw(`/codes/bertha-code/versions/${version}`);
      const [container = '', ...path] = new URL(String(properties['codeUri'])).pathname.split('/').slice(2);
      const prefix = `${path.join('/')}/`;
      const blobs = await azure().container('devstoreaccount1', container).list(prefix);
      return blobs.map((blob) => blob.path.slice(prefix.length));
    }
  });
});
