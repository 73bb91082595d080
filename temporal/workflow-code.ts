import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { bertha, installation } from '../installation.js';
import { bundleOptions } from './bundle-options.js';
import { type DeploymentSettings, type WorkerVersion, buildIdOf } from './versioning.js';

/** The workflows as a worker loads them, and the version of a versioned worker, named after them; null for an unversioned one. */
export interface WorkflowCode {
  readonly workflowBundle: { readonly code: string };
  readonly version: WorkerVersion | null;
}

/** The bundle that the build made; a fresh checkout without one bundles now, which takes seconds. */
export async function workflowCode(deployment: DeploymentSettings | null): Promise<WorkflowCode> {
  const built = bertha('build', 'workflow-bundle.js');
  const { code } = existsSync(built) ? { code: readFileSync(built, 'utf8') } : await bundle();
  if (deployment === null) return { workflowBundle: { code }, version: null };
  const { deploymentName, buildId } = deployment;
  return {
    workflowBundle: { code },
    version: { deploymentName, buildId: buildId ?? buildIdOf(packageVersion(), code) },
  };
}

const bundle = () =>
  bundleWorkflowCode(bundleOptions(fileURLToPath(new URL('../workflows/index.js', import.meta.url))));

const packageVersion = () =>
  (JSON.parse(readFileSync(join(installation, 'package.json'), 'utf8')) as { version: string }).version;
