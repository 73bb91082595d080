import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one request is answered: `serve` does it as a file server does. */
export type Answer = (serve: Serve, request: IncomingMessage, response: ServerResponse, number: number) => void;
type Serve = (bytes?: number) => void;

/** A web server with one file. */
export interface WebServer {
  readonly url: string;
  /** How requests are answered from now on. */
  answer: Answer;
  content: Buffer;
  etag: string | null;
  close(): Promise<void>;
}

const asItIs: Answer = (serve) => serve();

/** Starts one. @param content of the file */
export async function startWebServer(content: Buffer): Promise<WebServer> {
  let number = 0;
  const server = createServer((request, response) => {
    const serve: Serve = (most) => sendRange(web, request, response, most);
    web.answer(serve, request, response, number++);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const web: WebServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dumps/dump.xml?sig=secret`,
    answer: asItIs,
    content,
    etag: '"one"',
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return web;
}

/** Answers the range that is asked for. @param most the connection breaks behind so many bytes of it */
function sendRange(
  { content, etag }: WebServer,
  request: IncomingMessage,
  response: ServerResponse,
  most?: number,
): void {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const part = content.subarray(Number(from), Number(to) + 1);
  response.writeHead(206, {
    'content-range': `bytes ${from}-${Number(from) + part.length - 1}/${content.length}`,
    'content-length': part.length,
    ...(etag === null ? {} : { etag }),
  });
  if (most === undefined || most >= part.length) return void response.end(part);
  response.write(part.subarray(0, most), () => response.destroy());
}
