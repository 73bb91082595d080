import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from 'commander';

import { post } from './ask.js';
import { findRunning, type Running } from './running.js';

interface EnvFlags {
  state?: string;
  metadata?: boolean;
  workloadIdentity?: boolean;
  json?: boolean;
}

/** `azureml-emulator env`: what a shell must know so that unmodified clients reach the emulator. */
export function addEnv(program: Command): void {
  program
    .command('env')
    .description('print the variables that lead clients to the running emulator, for: eval "$(azureml-emulator env)"')
    .option('--state <dir>', 'state folder of the emulator, where several run')
    .option(
      '--metadata',
      "lead azure-ai-ml to the emulator's own address by ARM_CLOUD_METADATA_URL; blobs still go through the proxy",
    )
    .option('--workload-identity', 'sign in by a federated token in a file instead of by a secret')
    .option('--json', 'print them as JSON')
    .action(async (flags: EnvFlags) => {
      const variables = await variablesOf(findRunning(flags.state), flags);
      process.stdout.write(flags.json === true ? `${JSON.stringify(variables, null, 2)}\n` : shell(variables));
    });
}

async function variablesOf(running: Running, flags: EnvFlags): Promise<Record<string, string>> {
  const byMetadata = flags.metadata === true;
  if (running.proxyUrl === null && !byMetadata) {
    throw new Error(
      "This emulator runs with --no-proxy: clients that know Azure's hosts would reach Azure itself. Use --metadata, or start it with the proxy.",
    );
  }
  return {
    ...proxy(running),
    ...trust(running),
    ...(byMetadata ? metadata(running) : {}),
    ...(await identity(running, flags.workloadIdentity === true)),
    ...workspace(running),
  };
}

// Clients differ in which case they read first, so a company's proxy in the other one would win.
function proxy({ proxyUrl }: Running): Record<string, string> {
  const loopback = { NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' };
  return proxyUrl === null ? loopback : { HTTPS_PROXY: proxyUrl, https_proxy: proxyUrl, ...loopback };
}

// Nothing but the emulator can be reached, so its authority alone is enough for clients that replace their own list.
function trust({ caFile }: Running): Record<string, string> {
  return { NODE_EXTRA_CA_CERTS: caFile, REQUESTS_CA_BUNDLE: caFile, SSL_CERT_FILE: caFile, CURL_CA_BUNDLE: caFile };
}

function metadata({ url }: Running): Record<string, string> {
  return { ARM_CLOUD_METADATA_URL: `${url}/metadata/endpoints?api-version=2019-05-01`, AZURE_AUTHORITY_HOST: url };
}

async function identity(running: Running, byWorkload: boolean): Promise<Record<string, string>> {
  const who = { AZURE_TENANT_ID: running.tenant, AZURE_CLIENT_ID: running.clientId };
  if (!byWorkload) return { ...who, AZURE_CLIENT_SECRET: secretOf(running) };
  const answer = await post(new URL('/_emulator/federated-token', running.url), '{}', running.caFile);
  const file = join(running.stateDir, 'federated-token');
  writeFileSync(file, (JSON.parse(answer.text) as { token: string }).token, { mode: 0o600 });
  return { ...who, AZURE_FEDERATED_TOKEN_FILE: file };
}

function secretOf({ clientSecretFile }: Running): string {
  if (clientSecretFile === null) return 'any-secret-will-do';
  try {
    return readFileSync(clientSecretFile, 'utf8').trim();
  } catch (error) {
    throw new Error(`The secret's file ${clientSecretFile} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function workspace({ subscription, resourceGroup, workspace: name }: Running): Record<string, string> {
  return { AZURE_SUBSCRIPTION_ID: subscription, AZURE_RESOURCE_GROUP: resourceGroup, AZUREML_WORKSPACE_NAME: name };
}

/** Variables that another call may have set and that would win over what this one says. */
const OTHERWISE = [
  'ARM_CLOUD_METADATA_URL',
  'AZURE_AUTHORITY_HOST',
  'AZURE_CLIENT_SECRET',
  'AZURE_FEDERATED_TOKEN_FILE',
];

function shell(variables: Record<string, string>): string {
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`);
  const left = OTHERWISE.filter((name) => !(name in variables));
  return `${[...lines, `unset ${left.join(' ')}`].join('\n')}\n`;
}
