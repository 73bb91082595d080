import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { Command } from 'commander';

import { stderrLog, type Log } from '../log.js';
import type { EmulatorOptions } from '../options.js';
import type { Emulator } from '../server.js';
import type { Azurite } from '../storage/azurite.js';
import { addServeFlags, type ServeFlags } from './flags.js';
import { announce } from './running.js';

const EXIT_WITHIN_MS = 4000;
const OWN_ACCOUNT = 'emulatorstorage';

/** Options that an emulator of its own takes as they are. */
type Given = Partial<EmulatorOptions> & Pick<EmulatorOptions, 'tlsDir' | 'stateDir'>;

/** `azureml-emulator serve`: the service itself, until SIGTERM or Ctrl-C. */
export function addServe(program: Command): void {
  addServeFlags(
    program
      .command('serve', { isDefault: true })
      .description('run the service (also without this word); prints one line of JSON on stdout when it is ready'),
  ).action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const log = stderrLog();
  const stateDir = resolve(flags.state ?? (await mkdtemp(join(tmpdir(), 'azureml-emulator-'))));
  // A folder that nobody named is of no use to a later start.
  if (flags.state === undefined) process.once('exit', () => rmSync(stateDir, { recursive: true, force: true }));
  const given = await optionsOf(flags, stateDir);
  // Loaded here, for the other verbs should answer at once.
  const { startEmulator } = await import('../server.js');
  const azurite = await ownStorage(flags, given, log);
  const options = azurite === null ? given : { ...given, ...storedAt(azurite) };
  const emulator = await startEmulator(options, log).catch(async (error: unknown) => {
    await azurite?.stop();
    throw error;
  });
  leaveOnSignal(emulator, azurite);
  sayReady(flags, options, emulator);
}

async function optionsOf(flags: ServeFlags, stateDir: string): Promise<Given> {
  const {
    state: _state,
    tlsDir,
    scenario,
    proxy,
    storage: _storage,
    storageKeyFile,
    clientSecretFile,
    principal,
    ...same
  } = flags;
  return {
    ...same,
    stateDir,
    tlsDir: resolve(tlsDir ?? join(stateDir, 'tls')),
    httpPort: same.httpPort ?? null,
    proxyPort: proxy ? same.proxyPort : null,
    scenarioFile: scenario ?? null,
    storageEndpoint: same.storageEndpoint ?? null,
    storageAccount: same.storageAccount ?? null,
    storageKey: await secretIn(storageKeyFile),
    clientSecret: await secretIn(clientSecretFile),
    principals: await Promise.all(
      (principal ?? []).map(async ({ secretFile, ...who }) => ({
        ...who,
        secret: await secretIn(secretFile ?? undefined),
      })),
    ),
  };
}

/** Azurite, where no other storage is named and none is unwanted. */
async function ownStorage(flags: ServeFlags, given: Given, log: Log): Promise<Azurite | null> {
  if (!flags.storage || flags.storageEndpoint !== undefined) return null;
  const [{ ensureCertificates }, { startAzurite }] = await Promise.all([
    import('../certificates/certificates.js'),
    import('../storage/azurite.js'),
  ]);
  const certificates = await ensureCertificates(given.tlsDir);
  const azurite = await startAzurite(
    join(given.stateDir, 'storage'),
    flags.storageAccount ?? OWN_ACCOUNT,
    certificates,
  );
  let stopping = false;
  void azurite.ended.then(
    (how) => stopping || log(`Azurite has ended (${how}): no blob can be read or written any more.`),
  );
  return {
    ...azurite,
    stop() {
      stopping = true;
      return azurite.stop();
    },
  };
}

function storedAt({ endpoint, account, key }: Azurite): Partial<EmulatorOptions> {
  return { storageEndpoint: endpoint, storageAccount: account, storageKey: key };
}

function sayReady(flags: ServeFlags, { stateDir, storageEndpoint }: Given, emulator: Emulator): void {
  const { url, httpUrl, proxyUrl, caFile } = emulator;
  const { tenant, clientId, subscription, resourceGroup, workspace } = flags;
  const clientSecretFile = flags.clientSecretFile === undefined ? null : resolve(flags.clientSecretFile);
  const ways = { url, httpUrl, proxyUrl, caFile };
  announce({ ...ways, stateDir, tenant, clientId, clientSecretFile, subscription, resourceGroup, workspace });
  process.stdout.write(`${JSON.stringify({ ready: true, ...ways, storageEndpoint, pid: process.pid })}\n`);
  if (process.stdout.isTTY)
    process.stderr.write('Ready. In another shell: eval "$(azureml-emulator env)"   Ctrl-C ends it and every job.\n');
}

function leaveOnSignal(emulator: Emulator, azurite: Azurite | null): void {
  let leaving = false;
  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    setTimeout(() => process.exit(0), EXIT_WITHIN_MS - 200).unref();
    const closed = emulator.close().finally(() => azurite?.stop());
    void closed.finally(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leave);
}

async function secretIn(file: string | undefined): Promise<string | null> {
  if (file === undefined) return null;
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new Error(`The file ${file} with a secret cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
