import { createControlActivities, createDataActivities } from '../../../activities/index.js';
import type { Deps, Place } from '../../../activities/deps.js';
import type { BlobContainer } from '../../../azure/blob.js';
import type { AzureConnection } from '../../../azure/connection.js';
import type { RunConfig } from '../../../domain/config.js';
import { bertha } from '../../../installation.js';
import { makeDeps } from '../../../worker.js';
import { smallConfig } from '../../e2e/small-config.js';
import { sharedStack } from './stack.js';

/** The worker's own dependencies, with a scratch folder of these tests, and all activities made with them. */
export const deps: Deps = { ...makeDeps(), scratch: bertha('stacks', 'activities-test', 'scratch') };
export const activities = unbound(createControlActivities(deps));
export const dataActivities = unbound(createDataActivities(deps));

/** Where the small dump lies that configs of these tests name. */
export const dumpFile = bertha('stacks', 'activities-test', 'dump.xml');

/** The small config of the end-to-end tests under a name of one's own. */
export function config(run: string): RunConfig {
  return smallConfig(run, dumpFile);
}

/** Where a run lives. @param cloud name of a cloud file in the stack's folder */
export function place(run: string, cloud = 'local'): Place {
  const { azure, storage } = config(run);
  return { run, azure: { ...azure, cloud }, storage };
}

/** Connection to the emulator. */
export const azure = (): AzureConnection => deps.connection(place('any').azure);

/** The container that runs live in, made if need be. */
export async function store(): Promise<BlobContainer> {
  await sharedStack();
  const { account, container } = place('any').storage;
  const found = azure().container(account, container);
  await found.ensure();
  return found;
}

type Unbound<T> = { [K in keyof T]: T[K] extends (input: infer I) => infer O ? (this: void, input: I) => O : never };

/** Activities use no `this`: the worker, too, takes them from their object. */
export function unbound<T extends object>(made: T): Unbound<T> {
  return made as Unbound<T>;
}
