import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';

import type { Log } from '../log.js';
import { azureHost } from './hosts.js';

const ANSWERED =
  'management.azure.com, login.microsoftonline.com, prices.azure.com, *.api.azureml.ms and *.blob.core.windows.net';

/**
 * A forward proxy that knows the way to one place only: this emulator. A tunnel to a host of Azure that it answers for
 * ends in `take`; any other is refused, so that nothing ever leaves loopback.
 *
 * @param take receives the client's end of a tunnel, on which the client will begin TLS
 */
export function createProxy(take: (socket: Duplex) => void, log: Log): Server {
  const server = createServer((request, response) => {
    const text = `This is the proxy of azureml-emulator; it takes tunnels (CONNECT) for https to ${ANSWERED}, not ${request.method} ${request.url}.\n`;
    response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
  });
  server.on('connect', (request, socket: Duplex, head: Buffer) => {
    // A client that goes away in the middle is nobody's error.
    socket.on('error', () => socket.destroy());
    const problem = refusalOf(request.url ?? '');
    if (problem !== undefined) {
      log(`CONNECT ${request.url} 403`);
      socket.end(
        `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(problem)}\r\nConnection: close\r\n\r\n${problem}`,
      );
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    take(socket);
  });
  return server;
}

function refusalOf(authority: string): string | undefined {
  const [, host = authority, port = ''] = /^(.*):(\d+)$/.exec(authority) ?? [];
  if (port === '443' && azureHost(host) !== undefined) return undefined;
  return `azureml-emulator answers for ${ANSWERED} on port 443 and lets nothing else out; ${authority} is none of these. Addresses of this machine belong into NO_PROXY.\n`;
}
