import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

import { DEFAULTS } from '../../../emulator/options.js';

/** Path of the workspace that an emulator has unless told otherwise. */
export const WORKSPACE = `/subscriptions/${DEFAULTS.subscription}/resourceGroups/${DEFAULTS.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${DEFAULTS.workspace}`;
export const VERSION = 'api-version=2023-10-01';

/** One who asks the emulator, with a token of its own. */
export interface Client {
  ca: string;
  /** What every request carries. */
  headers: Record<string, string>;
  /** Full address of a path below the workspace. */
  at(path: string): string;
  /** Asks for a path below the workspace, or a full address. @returns the answer's text @throws Error naming what was refused */
  call(method: string, path: string, body?: object): Promise<string>;
  close(): void;
}

/** Asks for a token and hands out a client with it. */
export async function connect({ url, caFile }: { url: string; caFile: string }): Promise<Client> {
  const ca = readFileSync(caFile, 'utf8');
  const agent = new Agent({ keepAlive: true, ca });
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: DEFAULTS.clientId,
    client_secret: 'any',
    scope: 'https://management.azure.com/.default',
  });
  const asForm = { 'content-type': 'application/x-www-form-urlencoded' };
  const granted = await send(agent, 'POST', `${url}/${DEFAULTS.tenant}/oauth2/v2.0/token`, asForm, form.toString());
  const { access_token: token } = JSON.parse(granted) as { access_token: string };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const at = (path: string): string => `${url}${WORKSPACE}${path}${path.includes('?') ? '&' : '?'}${VERSION}`;
  return {
    ca,
    headers,
    at,
    call: (method, path, body) =>
      send(
        agent,
        method,
        path.startsWith('https:') ? path : at(path),
        headers,
        body === undefined ? '' : JSON.stringify(body),
      ),
    close: () => agent.destroy(),
  };
}

function send(
  agent: Agent,
  method: string,
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<string> {
  return new Promise((done, failed) => {
    const sent = request(url, { method, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        if (status < 300) done(text);
        else failed(new Error(`${method} ${url} was answered ${status}: ${text.slice(0, 500)}`));
      });
    });
    sent.once('error', failed);
    sent.end(body);
  });
}
