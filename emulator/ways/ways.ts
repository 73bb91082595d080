import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';

import type { Certificates } from '../certificates/certificates.js';
import type { Log } from '../log.js';
import type { EmulatorOptions } from '../options.js';
import { azureHost } from './hosts.js';
import { createPassage, type Passage } from './passage.js';
import { createProxy } from './proxy.js';
import { Servers } from './servers.js';

// Azure's front door keeps idle connections for minutes. Node's five seconds end many a one just as its client asks anew.
const KEPT = { keepAliveTimeout: 120_000 };

/** The open ways in, all on 127.0.0.1. */
export interface Ways {
  https: string;
  /** null where no port was given for it. */
  http: string | null;
  /** Address of the forward proxy; null where no port was given for it. */
  proxy: string | null;
  /** Begins to answer; until then requests wait. */
  serve(listener: RequestListener): void;
  close(): Promise<void>;
}

type WayOptions = Pick<
  EmulatorOptions,
  'port' | 'httpPort' | 'proxyPort' | 'storageEndpoint' | 'storageAccount' | 'logRequests'
>;

/**
 * Opens HTTPS, and plain HTTP and the forward proxy where they have a port.
 *
 * @throws Error with a sentence for a port in use
 */
export async function openWays(options: WayOptions, certificates: Certificates, log: Log): Promise<Ways> {
  checkAccount(options);
  const { certFile, keyFile, azureCertFile, azureKeyFile, caFile } = certificates;
  const { storageEndpoint, storageAccount, logRequests } = options;
  let serve: (listener: RequestListener) => void = () => undefined;
  const served = new Promise<RequestListener>((resolve) => (serve = resolve));
  const service: RequestListener = (request, response) => void served.then((listener) => listener(request, response));
  const passage = storageEndpoint === null ? null : createPassage(storageEndpoint, caFile, logRequests ? log : null);
  const servers = new Servers();
  const close = async (): Promise<void> => {
    await servers.close();
    passage?.close();
  };
  try {
    const https = createHttpsServer({ ...KEPT, ...(await pem(certFile, keyFile)) }, service);
    const http = createHttpServer(KEPT, withBlobs(service, passage, storageAccount));
    const azure = createHttpsServer({ ...KEPT, ...(await pem(azureCertFile, azureKeyFile)) }, byHost(service, passage));
    const proxy = createProxy((socket) => servers.adopt(azure, socket), log);
    const { port, httpPort, proxyPort } = options;
    return {
      https: `https://${await servers.open(https, port, '--port')}`,
      http: httpPort === null ? null : `http://${await servers.open(http, httpPort, '--http-port')}`,
      proxy: proxyPort === null ? null : `http://${await servers.open(proxy, proxyPort, '--proxy-port')}`,
      serve,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

// The proxy finds the account in the first label of a host's name.
function checkAccount({ proxyPort, storageEndpoint, storageAccount }: WayOptions): void {
  if (proxyPort === null || storageEndpoint === null || storageAccount === null) return;
  if (azureHost(`${storageAccount}.blob.core.windows.net`) !== undefined) return;
  throw new Error(
    `The storage account "${storageAccount}" has no name that Azure allows (3 to 24 small letters and digits), so the proxy cannot answer for it; choose another account, or --no-proxy.`,
  );
}

async function pem(certFile: string, keyFile: string): Promise<{ cert: Buffer; key: Buffer }> {
  const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
  return { cert, key };
}

/** Behind the proxy the host's name says who is meant. */
function byHost(service: RequestListener, passage: Passage | null): RequestListener {
  return (request, response) => {
    const isBlob = azureHost(request.headers.host ?? '')?.plane === 'blob';
    if (!isBlob) service(request, response);
    else (passage?.passOn ?? withoutStorage)(request, response);
  };
}

/** Over plain HTTP blobs are below their account's name, so that this way needs no certificate at all. */
function withBlobs(service: RequestListener, passage: Passage | null, account: string | null): RequestListener {
  if (passage === null || account === null) return service;
  const blobs = `/${account}/`;
  return (request, response) =>
    request.url?.startsWith(blobs) === true ? passage.passOn(request, response) : service(request, response);
}

const withoutStorage: RequestListener = (_request, response) => {
  response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end('This azureml-emulator was started without Blob storage.\n');
};
