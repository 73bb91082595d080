import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../house/root.js';
import {
  type DeploymentConnection,
  VersioningError,
  buildIdOf,
  deploymentSettings,
  makeCurrent,
} from '../../temporal/versioning.js';
import { workflowCode } from '../../temporal/workflow-code.js';

describe('temporal: the version of a worker', () => {
  it('is none unless a deployment is named, by option or by environment; options come first', () => {
    assert.equal(deploymentSettings({}, {}), null);
    assert.deepEqual(deploymentSettings({ deployment: 'prod', buildId: '7' }, { BERTHA_DEPLOYMENT: 'other' }), {
      deploymentName: 'prod',
      buildId: '7',
      makeCurrent: false,
    });
    const environment = { BERTHA_DEPLOYMENT: 'prod', BERTHA_BUILD_ID: '8' };
    assert.deepEqual(deploymentSettings({ makeCurrent: true }, environment), {
      deploymentName: 'prod',
      buildId: '8',
      makeCurrent: true,
    });
  });

  it('without a deployment is refused: half of the settings would be ignored in silence', () => {
    assert.throws(
      () => deploymentSettings({ makeCurrent: true }, {}),
      /--make-current means nothing without a deployment; name one with --deployment/,
    );
    assert.throws(
      () => deploymentSettings({}, { BERTHA_BUILD_ID: '8' }),
      /the build id "8" means nothing without a deployment/,
    );
  });

  it("is made from the package's version and the workflow code, and not from where that was built", () => {
    const code = 'var a = 1;\n';
    const built = (map: string) => `${code}//# sourceMappingURL=data:application/json;base64,${map}\n`;
    assert.match(buildIdOf('0.1.0', code), /^0\.1\.0-[0-9a-f]{12}$/);
    assert.equal(buildIdOf('0.1.0', built('aaaa')), buildIdOf('0.1.0', built('bbbb')));
    assert.notEqual(buildIdOf('0.1.0', built('aaaa')), buildIdOf('0.1.0', 'var a = 2;\n//# sourceMappingURL=aaaa'));
  });

  it('of the built worker names no folder of this machine in what it hashes', async () => {
    const { workflowBundle, version } = await workflowCode({ deploymentName: 'prod', makeCurrent: false });
    const { version: packaged } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    assert.equal(version?.buildId, buildIdOf(packaged, workflowBundle.code));
    const hashed = workflowBundle.code.slice(0, workflowBundle.code.lastIndexOf('\n//# sourceMappingURL='));
    assert.ok(hashed.length > 100_000 && !hashed.includes(root));
  });

  it('becomes current once the server knows it, which its first poll brings about', async () => {
    let asked = 0;
    const connection: DeploymentConnection = {
      workflowService: {
        setWorkerDeploymentCurrentVersion: () =>
          ++asked < 2 ? Promise.reject(new Error('not found')) : Promise.resolve(),
      },
    };
    await makeCurrent(connection, 'default', { deploymentName: 'prod', buildId: '7' }, new AbortController().signal);
    assert.equal(asked, 2);
  });

  it('that cannot become current says why and what to type, and a worker that is told to stop does not wait for it', async () => {
    const details = 'missing task queues: bertha-data';
    const connection: DeploymentConnection = {
      workflowService: {
        setWorkerDeploymentCurrentVersion: () => Promise.reject(Object.assign(new Error('9'), { details })),
      },
    };
    await assert.rejects(
      makeCurrent(connection, 'default', { deploymentName: 'prod', buildId: '7' }, AbortSignal.abort()),
      (error: Error) =>
        error instanceof VersioningError &&
        error.message ===
          'version 7 of deployment prod could not be made current (missing task queues: bertha-data); do it with: temporal worker deployment set-current-version --deployment-name prod --build-id 7',
    );
  });
});
