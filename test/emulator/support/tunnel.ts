import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';

/** The proxy's word on a tunnel, and the tunnel where it was given one. */
export interface Tunnel {
  status: number;
  /** What the proxy says where it refuses. */
  text: string;
  socket: Socket;
}

/** Asks a forward proxy for a tunnel, as every client with HTTPS_PROXY does. */
export function openTunnel(proxyUrl: string, authority: string): Promise<Tunnel> {
  const { hostname: host, port } = new URL(proxyUrl);
  return new Promise((done, failed) => {
    const asked = httpRequest({ host, port, method: 'CONNECT', path: authority });
    asked.once('connect', (answer: IncomingMessage, socket: Socket, head: Buffer) => {
      const { statusCode: status = 0 } = answer;
      if (status === 200) return done({ status, text: '', socket });
      let text = head.toString();
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => (text += chunk));
      socket.once('end', () => done({ status, text, socket }));
    });
    asked.once('error', failed);
    asked.end();
  });
}

/** One GET through a tunnel with TLS checked against `ca`. @returns everything that came, headers included */
export async function getThrough(proxyUrl: string, ca: string, url: URL): Promise<string> {
  const { socket } = await openTunnel(proxyUrl, `${url.hostname}:443`);
  const secure = tlsConnect({ socket, ca, servername: url.hostname });
  return new Promise((done, failed) => {
    let said = '';
    secure.setEncoding('utf8');
    secure.on('data', (chunk: string) => (said += chunk));
    secure.once('end', () => done(said));
    secure.once('error', failed);
    secure.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.hostname}\r\nConnection: close\r\n\r\n`);
  });
}
