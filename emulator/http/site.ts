import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

import type { World } from '../world.js';

/** The addresses under which a caller sees the service; every address in an answer is made from them. */
export interface Site {
  /** Base of the management plane, `https://127.0.0.1:PORT` or `https://management.azure.com`. */
  arm: string;
  /** Base of the region's data plane: discovery, run history, artifacts. */
  data: string;
  /** Base of the authority that gives out tokens. */
  login: string;
  /** Base of an account's blob endpoint, without a slash at its end. */
  blob(account: string): string;
}

/** The site of a request: one host for everything, the one that the client wrote. */
export function siteOf(world: World, request: IncomingMessage): Site {
  const scheme = request.socket instanceof TLSSocket ? 'https' : 'http';
  const host = request.headers.host ?? new URL(world.url()).host;
  return localSite(world, `${scheme}://${host}`);
}

/** Everything at one address, blobs at the emulated storage account's own. */
export function localSite(world: World, base: string): Site {
  return { arm: base, data: base, login: base, blob: (account) => world.storage?.endpointOf(account) ?? base };
}
