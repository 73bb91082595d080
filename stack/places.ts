import { readFileSync } from 'node:fs';
import { bertha } from '../installation.js';

/** Files of a local stack; everything of it lies in one folder, so removing the folder forgets the stack. */
export function stackPlaces(name: string) {
  const folder = bertha('stacks', name);
  return {
    folder,
    /** Written when all parts answer, removed when the stack stops. */
    stackFile: `${folder}/stack.json`,
    cloudFile: `${folder}/local.cloud.json`,
    /** Profile for any Temporal client: TEMPORAL_CONFIG_FILE. */
    temporalProfile: `${folder}/temporal.toml`,
    processes: `${folder}/processes`,
    tls: `${folder}/tls`,
    temporal: `${folder}/temporal.db`,
    blobs: `${folder}/azurite`,
    azureml: `${folder}/azureml`,
    logs: `${folder}/logs`,
    secret: `${folder}/client-secret`,
    storageKey: `${folder}/storage-key`,
  };
}
export type StackPlaces = ReturnType<typeof stackPlaces>;

/** Programs that the set-up installed. */
export interface Tools {
  readonly temporal: string;
  readonly testServer: string;
  readonly python: string;
}

/** @throws where the set-up has not run */
export function tools(): Tools {
  return JSON.parse(readFileSync(bertha('tools.json'), 'utf8')) as Tools;
}
