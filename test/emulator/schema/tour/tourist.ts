import { readFileSync } from 'node:fs';

import { VERSION } from '../swagger/documents.js';
import { ask, P, type Answer, type Service } from '../../support/service.js';

export const LOCATION = P.replace(
  /\/resourceGroups\/.*$/,
  '/providers/Microsoft.MachineLearningServices/locations/eastus',
);

/** Asks the emulator in raw requests at the schema's api-version. */
export interface Tourist {
  /** @param path below the workspace, or with its first parts: `/subscriptions`, or a part of the data plane */
  (method: string, path: string, body?: unknown): Promise<Answer>;
}

/** One who has a token. */
export async function tourist({ emulator, credential }: Service): Promise<Tourist> {
  const ca = readFileSync(emulator.caFile, 'utf8');
  const { token } = await credential.getToken('https://management.azure.com/.default');
  return (method, path, body) => {
    const url = new URL(
      /^\/(subscriptions|history|metric|data\/v1\.0)\//.test(path) ? path : `${P}${path}`,
      emulator.url,
    );
    if (/^\/subscriptions\//.test(url.pathname) && !url.searchParams.has('api-version')) {
      url.searchParams.set('api-version', VERSION);
    }
    return ask(url, ca, method, body, { authorization: `Bearer ${token}` });
  };
}
