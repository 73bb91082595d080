import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { createSigner } from '../../../emulator/identity/signer.js';
import { DEFAULTS, newGuid } from '../../../emulator/options.js';
import { startEmulator, type Emulator } from '../../../emulator/server.js';
import type { World } from '../../../emulator/world.js';
import { createDrivenClock, type DrivenClock } from '../support/driven-clock.js';
import { ask, SECRET, type Answer } from '../support/service.js';
import { sharedStorage } from '../support/storage.js';
import type { Exchange } from './files.js';

/** Where the workspace of a recording is. */
export interface Scope {
  subscription: string;
  resourceGroup: string;
  workspace: string;
  region: string;
}

/** A fresh emulator, with the workspace of a recording, on which time stands still unless it is told to pass. */
export interface Stage {
  world: World;
  clock: DrivenClock;
  /** Path of the workspace. */
  base: string;
  /** Names of entities (`jobs/x`, `data/x/versions/1`) that the recording itself has made so far. */
  made: Set<string>;
  /** Operations: recorded path to answered path. */
  links: Map<string, string>;
  /** Jobs that the recording masks by one name: the name in it to that of the latest of them here. */
  aliases: Map<string, string>;
  /** A request with a good token. */
  call(method: string, pathAndQuery: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

// Making a key takes longer than replaying a file.
const IDENTITY = JSON.stringify({ pem: createSigner().pem, workspaceId: newGuid() });

/** Starts an emulator for a recording. */
export async function setStage(scope: Scope): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-replay-'));
  const state = join(folder, 'state');
  await mkdir(join(state, 'store', 'identity'), { recursive: true });
  await writeFile(join(state, 'store', 'identity', 'self.json'), IDENTITY);
  const storage = await sharedStorage();
  const clock = createDrivenClock(Date.now());
  const emulator = await startEmulator(
    {
      tlsDir: dirname(storage.certificates.caFile),
      stateDir: state,
      storageEndpoint: storage.endpoint,
      storageKey: storage.key,
      clientSecret: SECRET,
      ...scope,
    },
    undefined,
    clock,
  );
  const call = await caller(emulator);
  const close = async (): Promise<void> => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  };
  const base = `/subscriptions/${scope.subscription}/resourceGroups/${scope.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${scope.workspace}`;
  const memory = { made: new Set<string>(), links: new Map<string, string>(), aliases: new Map<string, string>() };
  return { world: emulator.world, clock, base, ...memory, call, close };
}

/** Where the workspace of an exchange is; the region is that of the first operation, or of the workspace, in the recording. */
export function scopeOf(exchange: Exchange, recording: readonly Exchange[]): Scope {
  const all = [exchange, ...recording];
  const paths = all.map(({ url }) => url.pathname);
  const headers = recording.map((each) => each.headers['azure-asyncoperation'] ?? each.headers['location'] ?? '');
  const bodies = recording.map(({ body }) => JSON.stringify(body) ?? '');
  const region = first([...paths, ...headers], /\/locations\/([^/]+)\//i) ?? first(bodies, /"location":"(\w+)"/);
  const [, subscription, resourceGroup, workspace] =
    [...paths, ...bodies].map((text) => WORKSPACE.exec(text)).find((found) => found !== null) ?? [];
  return {
    subscription: subscription ?? first(paths, /\/subscriptions\/([^/]+)/i) ?? DEFAULTS.subscription,
    resourceGroup: resourceGroup ?? DEFAULTS.resourceGroup,
    workspace: workspace ?? DEFAULTS.workspace,
    region: region ?? DEFAULTS.region,
  };
}

const WORKSPACE = /\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/[^/]+\/workspaces\/([^/"]+)/i;

function first(texts: readonly string[], pattern: RegExp): string | undefined {
  return texts.map((text) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
}

async function caller(emulator: Emulator): Promise<Stage['call']> {
  const ca = readFileSync(emulator.caFile, 'utf8');
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: DEFAULTS.clientId,
    client_secret: SECRET,
    scope: 'https://management.azure.com/.default',
  });
  const token = await ask(new URL(`/${DEFAULTS.tenant}/oauth2/v2.0/token`, emulator.url), ca, 'POST', form.toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });
  const authorization = `Bearer ${token.json.access_token}`;
  return (method, pathAndQuery, body) => ask(new URL(pathAndQuery, emulator.url), ca, method, body, { authorization });
}
