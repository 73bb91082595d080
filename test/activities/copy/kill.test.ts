import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bertha } from '../../../installation.js';
import { BLOCK, datasetFiles, differences } from './support/dataset.js';
import { newCase } from './support/copying.js';
import { type Proxy, startProxy } from './support/proxy.js';

describe('activities: a copy whose worker is killed', function () {
  this.timeout(60_000);
  const files = datasetFiles([20 * BLOCK, 12 * BLOCK, BLOCK]);
  const BLOCKS = 33 + 2;
  let proxy: Proxy;
  let worker: ChildProcess | undefined;

  before(async () => {
    proxy = await startProxy('copy-killed');
  });
  after(async () => {
    worker?.kill('SIGKILL');
    await proxy.close();
  });

  it('goes on at the block where it was, though the last heartbeats are lost: nothing that the service acknowledged is sent again', async () => {
    const one = await newCase('killed', files);
    for (const killAt of [9, 12]) await killedAt(killAt, one.request({ cloud: proxy.cloud }));
    assert.equal(await one.target.info(`${one.folder}/manifest.json`), null);
    const died = proxy.seen.filter(({ comp }) => comp === 'block');
    const { result } = await one.copy({ cloud: proxy.cloud });
    assert.deepEqual(await differences(one.target, one.folder, files), []);

    const taken = proxy.seen.filter(({ comp, status }) => comp === 'block' && status === 201);
    const inFlight = died.length - died.filter(({ delivered }) => delivered).length;
    const repeated = taken.length - BLOCKS;
    assert.ok(repeated <= inFlight, `${repeated} blocks went over twice, ${inFlight} were in flight in two deaths`);
    const seen = new Set<string>();
    const needless = proxy.seen.filter(({ comp, path, blockId, delivered }) => {
      if (comp !== 'block') return false;
      const key = `${path} ${blockId}`;
      const again = seen.has(key);
      if (delivered) seen.add(key);
      return again;
    });
    assert.deepEqual(needless, [], 'a block whose answer had arrived was sent again');
    assert.ok((result.blocks?.there ?? 0) > 0, 'what the dead had brought over was found');
  });

  /** Starts a process that copies, and kills it when so many of its blocks have been taken. */
  async function killedAt(blocks: number, request: object): Promise<void> {
    const requestFile = bertha('stacks', 'activities-test', 'copy-request.json');
    writeFileSync(requestFile, JSON.stringify(request));
    let taken = 0;
    const enough = new Promise<void>((resolve) => {
      proxy.rule = ({ comp }) => {
        if (comp !== 'block') return 'pass';
        if (++taken > blocks) resolve();
        // What is asked for behind that moment is answered to nobody.
        return taken > blocks + 3 ? 'hang' : 'pass';
      };
    });
    const program = fileURLToPath(new URL('./support/child.js', import.meta.url));
    worker = spawn(process.execPath, [program, requestFile], { stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = new Promise<string | null>((resolve) =>
      worker?.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`)),
    );
    await Promise.race([enough, ended.then((how) => assert.fail(`it ended before it could be killed: ${how}`))]);
    worker.kill('SIGKILL');
    assert.equal(await ended, 'SIGKILL');
    proxy.rule = () => 'pass';
  }
});
