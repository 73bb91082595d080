import type { Command } from 'commander';

import { DEFAULTS } from '../options.js';
import { amount, endpoint, factor, port, principal, type PrincipalFlag } from './values.js';

/** What `serve` was told on its command line. */
export interface ServeFlags {
  port: number;
  httpPort?: number;
  proxyPort: number;
  /** False with `--no-proxy`. */
  proxy: boolean;
  tlsDir?: string;
  state?: string;
  scenario?: string;
  speed: number;
  pathPrepend?: string[];
  /** False with `--no-storage`. */
  storage: boolean;
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
  principal?: PrincipalFlag[];
  federatedSubject?: string;
  provisionSeconds: number;
  queueSeconds: number;
  prepareSeconds: number;
  operationSeconds: number;
  graceSeconds: number;
  idleSeconds: number;
  /** False with `--no-rate-limits`. */
  rateLimits: boolean;
  logRequests?: boolean;
  hollowNodes?: boolean;
}

/** Declares every option of `serve`, in groups as `--help` shows them. */
export function addServeFlags(command: Command): Command {
  waysIn(command);
  folders(command);
  storage(command);
  identity(command);
  time(command);
  return command
    .optionsGroup('Other:')
    .option('--no-rate-limits', "do not enforce ARM's request limits")
    .option('--log-requests', 'a line on stderr per request')
    .option(
      '--hollow-nodes',
      'nodes without processes: commands are not run, jobs go on until something else ends them',
    );
}

function waysIn(command: Command): void {
  command
    .optionsGroup('Ways in, all on 127.0.0.1; port 0 is any free one:')
    .option('--port <port>', 'HTTPS', port, DEFAULTS.port)
    .option('--http-port <port>', 'plain HTTP too', port)
    .option('--proxy-port <port>', "forward proxy that answers for Azure's hosts", port, 0)
    .option('--no-proxy', 'no forward proxy')
    .option('--tls-dir <dir>', 'where the certificates lie or are made (default: <state>/tls)');
}

function folders(command: Command): void {
  command
    .optionsGroup('What it keeps and what it does to jobs:')
    .option('--state <dir>', 'where everything is kept over restarts (default: a new temporary folder)')
    .option('--scenario <file>', 'YAML file of what happens to which jobs, and when')
    .option('--path-prepend <dir...>', "folders put in front of PATH of the jobs' processes");
}

function storage(command: Command): void {
  command
    .optionsGroup('Blob storage; without any of these the installed Azurite is started:')
    .option('--storage-endpoint <url>', 'an Azurite that runs already, https://127.0.0.1:PORT/ACCOUNT', endpoint)
    .option('--storage-key-file <file>', 'file with the key of its account')
    .option('--storage-account <name>', "the account's name (default: the last part of the endpoint)")
    .option('--no-storage', 'go without: jobs that need it fail and say so');
}

function identity(command: Command): void {
  command
    .optionsGroup('The one workspace, and who may sign in:')
    .option('--subscription <id>', 'subscription', DEFAULTS.subscription)
    .option('--resource-group <name>', 'resource group', DEFAULTS.resourceGroup)
    .option('--workspace <name>', 'workspace', DEFAULTS.workspace)
    .option('--region <name>', 'region', DEFAULTS.region)
    .option('--tenant <id>', 'tenant', DEFAULTS.tenant)
    .option('--client-id <id>', 'service principal that may do everything', DEFAULTS.clientId)
    .option('--client-secret-file <file>', 'file with its secret (default: any secret will do)')
    .option(
      '--principal <clientId=secretFile:role>',
      'another one, as contributor, reader or none; may be repeated, and without "=secretFile" any secret will do',
      principal,
    )
    .option(
      '--federated-subject <subject>',
      "take other issuers' federated tokens with this subject (their signature is not checked)",
    );
}

function time(command: Command): void {
  command
    .optionsGroup('Time, in seconds:')
    .option('--speed <n>', "divides the emulator's own waits", factor, DEFAULTS.speed)
    .option('--provision-seconds <s>', 'until a new node is there', amount, DEFAULTS.provisionSeconds)
    .option('--queue-seconds <s>', 'a job waits in the queue at the least', amount, DEFAULTS.queueSeconds)
    .option('--prepare-seconds <s>', 'image pull on a node', amount, DEFAULTS.prepareSeconds)
    .option('--operation-seconds <s>', 'until an operation on a compute is done', amount, DEFAULTS.operationSeconds)
    .option('--grace-seconds <s>', 'between SIGTERM and SIGKILL on cancel', amount, DEFAULTS.graceSeconds)
    .option(
      '--idle-seconds <s>',
      'idle time before scale-down where a cluster names none',
      amount,
      DEFAULTS.idleSeconds,
    );
}
