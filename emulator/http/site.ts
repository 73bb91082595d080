import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

import { azureHost } from '../ways/hosts.js';
import type { World } from '../world.js';

/** The addresses under which a caller sees the service; every address in an answer is made from them. */
export interface Site {
  /** Base of the management plane, `https://127.0.0.1:PORT` or `https://management.azure.com`. */
  arm: string;
  /** Base of the region's data plane: discovery, run history, artifacts. */
  data: string;
  /** Base of the authority that gives out tokens. */
  login: string;
  /** Base of the public price list. */
  prices: string;
  /** Base of an account's blob endpoint, without a slash at its end. */
  blob(account: string): string;
}

/** The site of a request: Azure's own names for one that was sent to one of them, else the host that the client wrote for everything. */
export function siteOf(world: World, request: IncomingMessage): Site {
  const host = request.headers.host ?? new URL(world.url()).host;
  if (azureHost(host) !== undefined) return azureSite(world.options.region);
  const isPlain = !(request.socket instanceof TLSSocket);
  return localSite(world, `${isPlain ? 'http' : 'https'}://${host}`);
}

/**
 * Everything at one address. Blobs are at the storage account's own, and for a caller without TLS below the same
 * address, from where they are passed on.
 */
export function localSite(world: World, base: string): Site {
  const blob = (account: string): string => {
    const isOurs = account === world.storage?.name;
    if (isOurs && base.startsWith('http:')) return `${base}/${account}`;
    return world.storage?.endpointOf(account) ?? base;
  };
  return { arm: base, data: base, login: base, prices: base, blob };
}

function azureSite(region: string): Site {
  return {
    arm: 'https://management.azure.com',
    data: `https://${region}.api.azureml.ms`,
    login: 'https://login.microsoftonline.com',
    prices: 'https://prices.azure.com:443',
    blob: (account) => `https://${account}.blob.core.windows.net`,
  };
}
