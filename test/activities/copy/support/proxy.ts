import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as ask } from 'node:https';
import type { AddressInfo } from 'node:net';
import { otherCloud } from '../../support/clouds.js';
import { sharedStack } from '../../support/stack.js';

/** A request that came to the proxy. */
export interface Seen {
  readonly method: string;
  /** `block`, `blocklist`, or what `comp` says; empty for the blob itself. */
  readonly comp: string;
  readonly path: string;
  /** Of a block. */
  readonly blockId: string;
  /** How many requests of this method and comp came before. */
  readonly turn: number;
  /** What Azurite answered; null where it was never asked, or has not answered yet. */
  status: number | null;
  /** Whether that answer went on to who asked. */
  delivered: boolean;
}

/** What is done to a request. `lose`: Azurite does it, and its answer is lost. `flip`: a bit of the body is wrong when it arrives. */
export type Deed = 'pass' | 'reset' | 'lose' | 'hang' | 'flip' | { status: number; code?: string; headers?: object };

/** A proxy in front of Azurite that treats requests as a test says, and remembers them all. */
export interface Proxy {
  /** Name of a cloud whose storage lies behind it. */
  readonly cloud: string;
  readonly seen: Seen[];
  /** Asked for every request; nothing is done to it where it says so, or nothing. */
  rule: (seen: Seen) => Deed | Promise<Deed> | undefined;
  close(): Promise<void>;
}

/** Starts one. @param cloud name of the cloud to make */
export async function startProxy(cloud: string): Promise<Proxy> {
  const { places } = await sharedStack();
  const certificate = {
    cert: readFileSync(`${places.tls}/storage.pem`),
    key: readFileSync(`${places.tls}/storage.key`),
  };
  const ca = readFileSync(`${places.tls}/ca.pem`);
  let azurite = '';
  const turns = new Map<string, number>();
  const proxy: Proxy = { cloud, seen: [], rule: () => 'pass', close: () => Promise.resolve() };
  const server = createServer(certificate, (request, response) => {
    void serve(request, response);
  });
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const seen = seenOf(request, turns);
    proxy.seen.push(seen);
    const deed = (await proxy.rule(seen)) ?? 'pass';
    if (deed === 'hang') return;
    if (deed === 'reset') return void request.socket.destroy();
    if (typeof deed === 'object') return refuse(response, deed);
    pass(request, response, new URL(azurite), ca, seen, deed);
  };
  server.on('connection', (socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await otherCloud(cloud, (local) => {
    azurite = (local as unknown as { storage: string }).storage;
    return { storage: `https://127.0.0.1:${port}/{account}` };
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return Object.assign(proxy, { close });
}

function seenOf(request: IncomingMessage, turns: Map<string, number>): Seen {
  const url = new URL(request.url ?? '/', 'https://proxy');
  const comp = url.searchParams.get('comp') ?? '';
  const key = `${request.method} ${comp}`;
  const turn = turns.get(key) ?? 0;
  turns.set(key, turn + 1);
  const path = decodeURIComponent(url.pathname);
  const blockId = url.searchParams.get('blockid') ?? '';
  return { method: request.method ?? '', comp, path, blockId, turn, status: null, delivered: false };
}

function refuse(response: ServerResponse, { status, code, headers }: Exclude<Deed, string>): void {
  response.writeHead(status, { ...(code === undefined ? {} : { 'x-ms-error-code': code }), ...headers });
  response.end();
}

function pass(
  request: IncomingMessage,
  response: ServerResponse,
  azurite: URL,
  ca: Buffer,
  seen: Seen,
  deed: 'pass' | 'lose' | 'flip',
): void {
  const { method, headers, url } = request;
  // The Host header stays: Azurite reads sources of its own address only, and goes by it.
  const options = { host: azurite.hostname, port: azurite.port, path: url, method, headers, ca, agent: false } as const;
  const onward = ask(options, (answer) => {
    seen.status = answer.statusCode ?? null;
    if (deed === 'lose') {
      answer.resume().on('end', () => request.socket.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response).on('finish', () => (seen.delivered = true));
  });
  onward.on('error', () => request.socket.destroy());
  if (deed !== 'flip') return void request.pipe(onward);
  request.once('data', (chunk: Buffer) => {
    chunk.writeUInt8(chunk.readUInt8(0) ^ 1, 0);
    onward.write(chunk);
    request.pipe(onward);
  });
}
