import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Command } from 'commander';

import { stderrLog } from '../log.js';
import { DEFAULTS } from '../options.js';

const EXIT_WITHIN_MS = 2000;

interface ServeFlags {
  port: number;
  tlsDir?: string;
  state?: string;
  scenario?: string;
  speed: number;
  pathPrepend?: string[];
  storageEndpoint?: string;
  storageKeyFile?: string;
  storageAccount?: string;
  subscription: string;
  resourceGroup: string;
  workspace: string;
  region: string;
  tenant: string;
  clientId: string;
  clientSecretFile?: string;
  provisionSeconds: number;
  queueSeconds: number;
  prepareSeconds: number;
  operationSeconds: number;
  graceSeconds: number;
  idleSeconds: number;
  rateLimits: boolean;
  logRequests?: boolean;
}

/** `azureml-emulator serve`: the service itself, until SIGTERM or Ctrl-C. */
export function addServe(program: Command): void {
  program
    .command('serve', { isDefault: true })
    .description('run the service; prints one line of JSON on stdout when it is ready')
    .option('--port <port>', 'port on 127.0.0.1; 0 lets the system choose', wholeNumber, DEFAULTS.port)
    .option('--tls-dir <dir>', 'where ca.pem, server.pem and server.key lie or are made (default: <state>/tls)')
    .option('--state <dir>', 'where everything is kept over restarts (default: a new temporary folder)')
    .option('--scenario <file>', 'YAML file of what happens to which jobs, and when')
    .option('--speed <n>', "divides the emulator's own waits", positive, DEFAULTS.speed)
    .option('--path-prepend <dir...>', "folders put in front of PATH of the jobs' processes")
    .option('--storage-endpoint <url>', 'Blob storage to use, https://127.0.0.1:PORT/ACCOUNT')
    .option('--storage-key-file <file>', 'file with the key of the storage account')
    .option('--storage-account <name>', 'its name (default: the last part of the endpoint)')
    .option('--subscription <id>', 'subscription', DEFAULTS.subscription)
    .option('--resource-group <name>', 'resource group', DEFAULTS.resourceGroup)
    .option('--workspace <name>', 'workspace', DEFAULTS.workspace)
    .option('--region <name>', 'region', DEFAULTS.region)
    .option('--tenant <id>', 'tenant', DEFAULTS.tenant)
    .option('--client-id <id>', 'service principal that may ask for tokens', DEFAULTS.clientId)
    .option('--client-secret-file <file>', 'file with its secret (default: any secret will do)')
    .option('--provision-seconds <s>', 'until a new node is there', positive, DEFAULTS.provisionSeconds)
    .option('--queue-seconds <s>', 'a job waits in the queue at the least', positive, DEFAULTS.queueSeconds)
    .option('--operation-seconds <s>', 'until an operation on a compute is done', positive, DEFAULTS.operationSeconds)
    .option('--prepare-seconds <s>', 'image pull on a node', positive, DEFAULTS.prepareSeconds)
    .option('--grace-seconds <s>', 'between SIGTERM and SIGKILL on cancel', positive, DEFAULTS.graceSeconds)
    .option(
      '--idle-seconds <s>',
      'idle time before scale-down where a cluster names none',
      positive,
      DEFAULTS.idleSeconds,
    )
    .option('--no-rate-limits', "do not enforce ARM's request limits")
    .option('--log-requests', 'a line on stderr per request')
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const {
    tlsDir,
    state,
    scenario,
    storageKeyFile,
    clientSecretFile,
    storageEndpoint,
    storageAccount,
    pathPrepend,
    logRequests,
    ...rest
  } = flags;
  // Loaded here, for the other verbs should answer at once.
  const { startEmulator } = await import('../server.js');
  const stateDir = state ?? (await mkdtemp(join(tmpdir(), 'azureml-emulator-')));
  // A folder that nobody named is of no use to a later start.
  if (state === undefined) process.once('exit', () => rmSync(stateDir, { recursive: true, force: true }));
  const emulator = await startEmulator(
    {
      ...rest,
      stateDir,
      tlsDir: tlsDir ?? join(stateDir, 'tls'),
      scenarioFile: scenario ?? null,
      pathPrepend: pathPrepend ?? [],
      storageEndpoint: storageEndpoint ?? null,
      storageAccount: storageAccount ?? null,
      storageKey: await secretIn(storageKeyFile),
      clientSecret: await secretIn(clientSecretFile),
      logRequests: logRequests ?? false,
    },
    stderrLog(),
  );
  process.stdout.write(
    `${JSON.stringify({ ready: true, url: emulator.url, caFile: emulator.caFile, pid: process.pid })}\n`,
  );
  let leaving = false;
  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    setTimeout(() => process.exit(0), EXIT_WITHIN_MS - 200).unref();
    void emulator.close().finally(() => process.exit(0));
  };
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
}

async function secretIn(file: string | undefined): Promise<string | null> {
  if (file === undefined) return null;
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new Error(`The file ${file} with a secret cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 65_536) return value;
  throw new Error(`"${text}" is no port: use a whole number from 0 to 65535.`);
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && text.trim() !== '') return value;
  throw new Error(`"${text}" is no number of 0 or more.`);
}
