import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** A worker's place in a Worker Deployment (https://docs.temporal.io/worker-versioning). */
export interface WorkerVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** What was asked for on the command line or in the environment. */
export interface DeploymentSettings {
  readonly deploymentName: string;
  /** Absent: made from the code, see `buildIdOf`. */
  readonly buildId?: string;
  /** Route new runs, and old ones at their next continue-as-new, to this version once it polls. */
  readonly makeCurrent: boolean;
}

/** Half of a versioned worker's settings, which would be ignored in silence: one sentence for the person. */
export class VersioningError extends Error {}

/**
 * Settings from options, else from BERTHA_DEPLOYMENT and BERTHA_BUILD_ID; null for an unversioned worker.
 * @throws VersioningError where a build id or `makeCurrent` stands without a deployment
 */
export function deploymentSettings(
  options: { deployment?: string; buildId?: string; makeCurrent?: boolean } = {},
  environment: NodeJS.ProcessEnv = process.env,
): DeploymentSettings | null {
  const deploymentName = options.deployment ?? (environment['BERTHA_DEPLOYMENT'] || undefined);
  const buildId = options.buildId ?? (environment['BERTHA_BUILD_ID'] || undefined);
  const makeCurrent = options.makeCurrent === true;
  if (deploymentName !== undefined)
    return { deploymentName, makeCurrent, ...(buildId === undefined ? {} : { buildId }) };
  if (buildId === undefined && !makeCurrent) return null;
  throw new VersioningError(
    `${makeCurrent ? '--make-current' : `the build id "${buildId ?? ''}"`} means nothing without a deployment; name one with --deployment or BERTHA_DEPLOYMENT`,
  );
}

/**
 * Build id of a worker: the package's version and 12 digits of the hash of its workflow code. Equal code gives equal ids on every machine; the
 * bundle's source map, which names folders, is left out.
 */
export function buildIdOf(packageVersion: string, bundle: string): string {
  const code = bundle.replace(/\n\/\/# sourceMappingURL=[^\n]*\s*$/, '');
  return `${packageVersion}-${createHash('sha256').update(code).digest('hex').slice(0, 12)}`;
}

/** Worker options of a version. A run stays on the version that it began on until it continues as new: no history is replayed by other code than its own. */
export const pinnedTo = (version: WorkerVersion) =>
  ({ version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' }) as const;

/** The part of both connections of the SDK that this file needs. */
export interface DeploymentConnection {
  readonly workflowService: {
    setWorkerDeploymentCurrentVersion(request: {
      namespace: string;
      deploymentName: string;
      buildId: string;
      identity: string;
    }): Promise<unknown>;
  };
}

/** The server learns of a version from its first poll. */
const FIRST_POLL_MS = 30_000;

/**
 * Makes a version that begins to poll the current one of its deployment. Safe to repeat.
 * @param signal stops the asking
 * @throws VersioningError with the server's reason where it is not within half a minute
 */
export async function makeCurrent(
  connection: DeploymentConnection,
  namespace: string,
  version: WorkerVersion,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + FIRST_POLL_MS;
  for (;;) {
    try {
      const identity = `bertha worker ${process.pid}`;
      await connection.workflowService.setWorkerDeploymentCurrentVersion({ namespace, ...version, identity });
      return;
    } catch (cause) {
      if (signal.aborted || Date.now() > deadline) throw notCurrent(version, cause);
      await sleep(500, undefined, { signal }).catch(() => undefined);
    }
  }
}

function notCurrent({ deploymentName, buildId }: WorkerVersion, cause: unknown): VersioningError {
  const reason =
    (cause as { details?: string } | null)?.details ?? (cause instanceof Error ? cause.message : String(cause));
  return new VersioningError(
    `version ${buildId} of deployment ${deploymentName} could not be made current (${reason.split('\n')[0] ?? ''}); do it with: temporal worker deployment set-current-version --deployment-name ${deploymentName} --build-id ${buildId}`,
    { cause },
  );
}
