import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import type { World } from '../world.js';
import { readBody } from './body.js';
import { Fault, mfeFault } from './fault.js';
import { intercepted, type Interceptor } from './interceptor.js';
import type { Call, Reply, Route } from './route.js';
import { createRouter, type Router } from './router.js';
import { siteOf } from './site.js';

/** Serves a table of routes: finds, passes the interceptors, handles, answers, and tells the observers. */
export function createListener(
  world: World,
  routes: readonly Route[],
  interceptors: readonly Interceptor[],
): RequestListener {
  const router = createRouter(routes);
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = performance.now();
    let call: Call | null = null;
    let reply: Reply;
    try {
      call = await readCall(world, router, request);
      reply = await answer(world, interceptors, call);
    } catch (error) {
      reply = faultReply(world, error);
    }
    const text = send(response, reply);
    const { method = 'GET', url: target = '/' } = request;
    const { status, headers = {} } = reply;
    const milliseconds = performance.now() - started;
    for (const observe of world.observers) observe({ method, target, call, status, headers, text, milliseconds });
  };
  return (request, response) => void serve(request, response);
}

async function readCall(world: World, router: Router, request: IncomingMessage): Promise<Call> {
  const site = siteOf(world, request);
  const url = new URL(request.url ?? '/', site.arm);
  const method = request.method ?? 'GET';
  const found = router(method, url.pathname);
  const headers = request.headers as Record<string, string | undefined>;
  const { text, value: body } = await readBody(request);
  return { world, method, url, query: url.searchParams, headers, site, text, body, principal: null, ...found };
}

async function answer(world: World, interceptors: readonly Interceptor[], call: Call): Promise<Reply> {
  const { route, method } = call;
  const reply = await intercepted(interceptors, call, async () => await route.handle(call));
  // An answered change must survive a crash of the emulator, as it would survive one of the real service's nodes.
  if (method !== 'GET') await world.store.flush();
  const armHeaders: Record<string, string> = route.guard === 'arm' ? { 'x-ms-response-type': 'standard' } : {};
  return { ...reply, headers: { ...armHeaders, ...reply.headers } };
}

function faultReply(world: World, error: unknown): Reply {
  const fault = error instanceof Fault ? error : unexpected(world, error);
  const made = fault.body({ region: world.options.region, now: world.clock.now() });
  return { status: fault.status, headers: fault.headers, body: made };
}

function unexpected(world: World, error: unknown): Fault {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  world.log(`internal error: ${text}`);
  return mfeFault(500, { code: 'ServiceError', message: 'InternalServerError', inner: ['InternalServerError'] });
}

/**
 * Real bodies are JSON of two spaces with LF, proved by the Content-Length of recordings.
 *
 * @returns the body as sent
 */
function send(response: ServerResponse, reply: Reply): string | Buffer {
  if (reply.cut === true) {
    response.destroy();
    return '';
  }
  const text = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body, null, 2));
  response.writeHead(reply.status, {
    ...(text === '' ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
    'Content-Length': Buffer.byteLength(text),
    'x-ms-request-id': randomUUID(),
    ...reply.headers,
  });
  response.end(text);
  return text;
}
