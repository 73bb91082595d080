import {
  type DeploymentSettings,
  VersioningError,
  type WorkerVersion,
  deploymentSettings,
} from '../../temporal/versioning.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { Verb } from '../program.js';
import { serverIsDown, targetOf } from '../session.js';

const QUEUES = ['control', 'data'] as const;
type Queue = (typeof QUEUES)[number];

interface WorkerOptions {
  readonly queues: Queue[];
  readonly deployment?: string;
  readonly buildId?: string;
  readonly makeCurrent?: boolean;
}

export const workerVerb: Verb = (program, act) => {
  program
    .command('worker')
    .summary('run a worker until Ctrl-C')
    .description(
      'Runs a worker: it does the work of all runs. Start as many as you like, stop them when you like; runs wait and lose nothing.',
    )
    .option(
      '-q, --queues <names>',
      'what to serve: control (needs little), data (CPU and bandwidth), or both',
      queuesOf,
      [...QUEUES],
    )
    .option('--deployment <name>', 'Worker Deployment to be a version of; absent: BERTHA_DEPLOYMENT, else unversioned')
    .option('--build-id <id>', 'which version; absent: BERTHA_BUILD_ID, else made from the code')
    .option('--make-current', 'route runs to this version: new ones at once, others when they continue as new')
    .action(
      act<WorkerOptions>(async (call, { queues, ...options }) => {
        const deployment = deploymentOf(options);
        const target = await targetOf(call);
        const { runWorker } = await import('../../worker.js');
        try {
          await runWorker({
            target,
            queues,
            deployment,
            announce: (sentence, version) => announce(call, sentence, { queues, address: target.address, version }),
            note: call.note,
          });
        } catch (cause) {
          if (isTransportError(cause)) throw new Failure('noServer', serverIsDown(call, target), { cause });
          throw cause;
        }
        return exitCodes.ok.code;
      }),
    );
};

function announce(
  call: Call,
  sentence: string,
  facts: { queues: readonly Queue[]; address: string; version: WorkerVersion | null },
): void {
  const { version, ...rest } = facts;
  const versioned =
    version === null ? [] : [`it is version ${version.buildId} of deployment ${version.deploymentName}`];
  call.answer({ type: 'worker', pid: process.pid, ...rest, ...version }, [sentence, ...versioned, 'Ctrl-C ends it']);
}

function deploymentOf(options: Omit<WorkerOptions, 'queues'>): DeploymentSettings | null {
  try {
    return deploymentSettings(options);
  } catch (cause) {
    if (cause instanceof VersioningError) throw new Failure('usage', cause.message, { cause });
    throw cause;
  }
}

/** Temporal's native core names its errors; the class is not exported by the client packages that this verb may load early. */
const isTransportError = (error: unknown) => error instanceof Error && error.name === 'TransportError';

function queuesOf(text: string): Queue[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !QUEUES.includes(name as Queue));
  if (unknown.length > 0)
    throw new Failure(
      'usage',
      `--queues "${text}": there is no queue "${unknown[0]}"; choose from ${QUEUES.join(',')}`,
    );
  return [...new Set(names as Queue[])];
}
