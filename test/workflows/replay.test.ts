import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Worker, bundleWorkflowCode } from '@temporalio/worker';
import { installation } from '../../installation.js';
import { findSecrets } from '../house/secrets.js';
import { currentBundle, quiet } from './suite.js';

const folder = resolve(installation, 'test', 'histories');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const textOf = (file: string) => readFileSync(resolve(folder, file), 'utf8');

describe('workflows: replay of recorded histories', function () {
  this.timeout(30_000);
  before(() => quiet());

  it('has histories of a preemption, of a continue-as-new and of a cancellation', () => {
    const all = files.map(textOf).join('\n');
    for (const sign of ['CONTINUED_AS_NEW', 'WORKFLOW_EXECUTION_COMPLETED', 'WORKFLOW_EXECUTION_CANCELED'])
      assert.ok(all.includes(sign), sign);
    assert.ok(files.includes('preempted.json'));
  });

  for (const file of files) {
    it(`B14 the workflows of today replay ${file}`, async () => {
      const workflowBundle = await currentBundle();
      await Worker.runReplayHistory({ workflowBundle }, JSON.parse(textOf(file)), file.replace(/(-\d+)?\.json$/, ''));
    });

    it(`${file} holds no secret and nothing of the machine that recorded it`, () => {
      assert.deepEqual(findSecrets(textOf(file)), []);
      const identities = new Set([...textOf(file).matchAll(/"identity": "([^"]*)"/g)].map((match) => match[1]));
      assert.deepEqual([...identities], ['recorder']);
      assert.doesNotMatch(textOf(file), /"\d+@|\/(?:home|root|tmp|Users)\//);
    });
  }

  it('fails for workflows in which two activities are swapped', async () => {
    const workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('../../workflows/index.js', import.meta.url)),
      workflowInterceptorModules: [fileURLToPath(new URL('./fixtures/swapped.js', import.meta.url))],
      logger: new DefaultLogger('ERROR'),
    });
    await assert.rejects(
      Worker.runReplayHistory({ workflowBundle }, JSON.parse(textOf('preempted.json')), 'preempted'),
      (error: Error) =>
        error.name === 'DeterminismViolationError' && /findCheckpoint|collectEvidence/.test(error.message),
    );
  });
});
