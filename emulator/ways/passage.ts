import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Agent, request as open, type RequestOptions } from 'node:https';
import { readFileSync } from 'node:fs';
import { pipeline } from 'node:stream';

import { requestLine } from '../http/exchange.js';
import type { Log } from '../log.js';

/** Headers that belong to one connection, not to the message; `expect` has been answered by this end already. */
const OF_ONE_CONNECTION = ['connection', 'proxy-connection', 'keep-alive', 'expect'];

/** The way through to Blob storage. */
export interface Passage {
  /** Passes a request on as it is, its Host header included, and streams the answer back. */
  passOn: RequestListener;
  close(): void;
}

/**
 * Opens the way to a storage emulator. The Host header stays what the client wrote, so that signatures verify and
 * storage finds the account in the host's first label.
 *
 * @param endpoint `https://127.0.0.1:PORT/ACCOUNT`; only its host and port count
 * @param caFile what its certificate comes from
 */
export function createPassage(endpoint: string, caFile: string, log: Log | null): Passage {
  const { hostname, port } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true, ca: readFileSync(caFile) });
  const target: RequestOptions = { agent, hostname, port, setHost: false };
  return {
    passOn(request, response) {
      const started = performance.now();
      const { method, url: path } = request;
      // The types know headers as an object only; a flat list keeps order, case and repeats.
      const headers = kept(request.rawHeaders) as unknown as Record<string, string>;
      const onward = open({ ...target, method, path, headers });
      onward.once('response', (answer) => {
        answerWith(response, answer);
        const milliseconds = performance.now() - started;
        const where = `${request.headers.host}${path?.replace(/\?.*$/, '')}`;
        const status = answer.statusCode ?? 0;
        log?.(requestLine({ method: method ?? '', status, milliseconds, version: '-', path: where }));
      });
      onward.once('error', (error) => unreachable(response, endpoint, error));
      response.once('close', () => void (response.writableFinished || onward.destroy()));
      // The error of a broken request shows itself on either end, where it is handled.
      pipeline(request, onward, () => undefined);
    },
    close: () => agent.destroy(),
  };
}

function answerWith(response: ServerResponse, answer: IncomingMessage): void {
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, kept(answer.rawHeaders));
  pipeline(answer, response, () => undefined);
}

function unreachable(response: ServerResponse, endpoint: string, error: Error): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const text = `Blob storage does not answer at ${new URL(endpoint).origin}: ${error.message}\n`;
  response.writeHead(502, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

function kept(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)] ?? '';
    return !OF_ONE_CONNECTION.includes(name.toLowerCase());
  });
}
