import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../../stack/ports.js';
import { sharedStack } from './stack.js';

/** Writes a cloud file that differs from the stack's own in the given fields, beside it. @returns the cloud's name */
export async function otherCloud(name: string, changes: (local: Cloud) => object): Promise<string> {
  const { places } = await sharedStack();
  const local = JSON.parse(readFileSync(places.cloudFile, 'utf8')) as Cloud;
  writeFileSync(join(places.folder, `${name}.cloud.json`), JSON.stringify({ ...local, ...changes(local) }));
  return name;
}

export interface Cloud {
  readonly resourceManager: string;
  readonly credential: { readonly tenantId: string; readonly clientId: string; readonly clientSecretFile: string };
}

/** Address at which nobody listens. */
export async function closedAddress(): Promise<string> {
  const [port = 0] = await freePorts(1);
  return `https://127.0.0.1:${port}`;
}
