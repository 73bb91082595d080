import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server with the answers of Blob storage that does no work: what a client can do at the most. */
export interface Nothing {
  readonly url: string;
  /** Requests since it was last asked. */
  requests(): number;
  stop(): void;
}

/** @param bytes size of every blob of the source */
export async function startNothing(bytes: number): Promise<Nothing> {
  const blocks = new Map<string, Map<string, number>>();
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    // The answer comes when all bytes have arrived, as Azure's does.
    request.on('end', () => answer(request, response, bytes, blocks)).resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/account`,
    requests: () => {
      const before = requests;
      requests = 0;
      return before;
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Blocks = Map<string, Map<string, number>>;

function answer(
  { url = '', method, headers }: IncomingMessage,
  response: ServerResponse,
  bytes: number,
  all: Blocks,
): void {
  const { pathname, searchParams } = new URL(url, 'http://nothing');
  const blocks = all.get(pathname) ?? new Map<string, number>();
  all.set(pathname, blocks);
  const comp = searchParams.get('comp');
  if (method === 'HEAD' && pathname.includes('/source/')) {
    const dated = { 'last-modified': new Date(0).toUTCString() };
    return void response.writeHead(200, { etag: '"0x1"', ...dated, 'content-length': bytes }).end();
  }
  if (method === 'HEAD') return void response.writeHead(404).end();
  if (comp === 'block') {
    const [, first = 0, last = 0] = /bytes=(\d+)-(\d+)/.exec(String(headers['x-ms-source-range'])) ?? [];
    const sent = Number(headers['content-length']);
    blocks.set(searchParams.get('blockid') ?? '', sent > 0 ? sent : Number(last) - Number(first) + 1);
    return void response.writeHead(201).end();
  }
  if (method === 'PUT') {
    blocks.clear();
    return void response.writeHead(201, { etag: '"0x2"' }).end();
  }
  const list = [...blocks].map(([id, size]) => `<Block><Name>${id}</Name><Size>${size}</Size></Block>`).join('');
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><BlockList><UncommittedBlocks>${list}</UncommittedBlocks></BlockList>`);
}
