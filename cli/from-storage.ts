import type { RunConfig } from '../domain/config.js';
import { Failure } from './failure.js';
import { readConfig } from './config-file.js';

/** What `start --from-storage` is told. */
export interface StorageOptions {
  /** `runs/NAME`, as it is called in the container. */
  readonly fromStorage: string;
  readonly account?: string;
  readonly container?: string;
  readonly cloud?: string;
  /** A config file that names all three instead. */
  readonly config?: string;
}

interface StoragePlace {
  readonly cloud: string;
  readonly account: string;
  readonly container: string;
}

/**
 * The config of a run as it was validated when the run began, from its run.json: all that is needed to take it up on another Temporal.
 * @throws Failure usage where the place is not named, failed where nothing usable lies there
 */
export async function configFromStorage(options: StorageOptions): Promise<RunConfig> {
  const place = await placeOf(options);
  const path = `${options.fromStorage.replace(/\/+$/, '')}/run.json`;
  const where = `${place.account}/${place.container}/${path}`;
  const record = await read(place, path, where);
  const { runConfigSchema } = await import('../domain/config.js');
  const parsed = runConfigSchema.safeParse(record?.config);
  if (record === null || typeof record.run !== 'string') throw new Failure('failed', `${where} is no record of a run`);
  if (!parsed.success) {
    const { path: field = [], message = '' } = parsed.error.issues[0] ?? {};
    throw new Failure(
      'failed',
      `${where} holds a config that this release does not take (${field.join('.')}: ${message}); write a config file for it and go on with: npx bertha start FILE --continue`,
    );
  }
  const { account, container } = parsed.data.storage;
  if (account !== place.account || container !== place.container)
    throw new Failure(
      'failed',
      `${where} says that its run lies in ${account}/${container}: take it up from there, or write a config file for this place and go on with: npx bertha start FILE --continue`,
    );
  // A run that another system started may be called otherwise than its config: by its workflow id.
  return { ...parsed.data, name: record.run };
}

async function placeOf(options: StorageOptions): Promise<StoragePlace> {
  if (options.config !== undefined) {
    const { azure, storage } = await readConfig(options.config);
    return { cloud: azure.cloud, account: storage.account, container: storage.container };
  }
  const { account, container, cloud = 'AzureCloud' } = options;
  if (account === undefined || container === undefined)
    throw new Failure(
      'usage',
      `--from-storage ${options.fromStorage} needs to know where: --account and --container (and --cloud), or --config FILE`,
    );
  return { account, container, cloud };
}

interface Record {
  readonly run?: unknown;
  readonly config?: unknown;
}

async function read({ cloud, account, container }: StoragePlace, path: string, where: string): Promise<Record | null> {
  const { connectAzure } = await import('../azure/connection.js');
  const { AzureError } = await import('../azure/errors.js');
  try {
    // Storage alone is read: which workspace it belongs to stands in what is found.
    const azure = connectAzure({ cloud, subscriptionId: '', resourceGroup: '', workspace: '' });
    const store = azure.container(account, container);
    const text = await store.text(path);
    if (text === null) {
      const others = (await store.folders('runs')).map((name) => `runs/${name}`);
      throw new Failure('failed', `there is no ${where}; ${found(others)}`);
    }
    return JSON.parse(text) as Record | null;
  } catch (cause) {
    if (cause instanceof AzureError)
      throw new Failure('failed', `${where} cannot be read: ${cause.message}`, { cause });
    if (cause instanceof SyntaxError) throw new Failure('failed', `${where} is damaged: it is not JSON`, { cause });
    throw cause;
  }
}

const found = (runs: readonly string[]) =>
  runs.length === 0 ? 'the container holds no runs' : `the container holds ${runs.slice(0, 10).join(', ')}`;
