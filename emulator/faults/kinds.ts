import { randomUUID } from 'node:crypto';

import { armFault, dataPlaneFault, Fault, mfeFault } from '../http/fault.js';
import type { Call, Reply } from '../http/route.js';
import type { RequestFault, RequestFaultOf } from '../scenario/language/requests.js';

type Kind = RequestFault['kind'];

/** Meets a request; `next` goes on with it. */
export type Meet<K extends Kind> = (item: RequestFaultOf<K>, call: Call, next: () => Promise<Reply>) => Promise<Reply>;

/** A connection that ends without an answer. */
const CUT: Reply = { status: 0, cut: true };

/** What each kind of fault does. */
export const MEET: { [K in Kind]: Meet<K> } = {
  tooManyRequests: async (_, call) => {
    throw tooManyRequests(call);
  },
  throttled: async ({ retryAfter }, call) => {
    throw throttled(call, retryAfter);
  },
  error: async ({ status, body }, call) => {
    if (body === 'html') return page(status);
    throw serviceError(status, call);
  },
  dependency: async (_, call) => {
    throw dependencyDown(call);
  },
  reset: async () => CUT,
  slow: async ({ seconds }, { world }, next) => {
    await new Promise<void>((resolve) => world.clock.after(seconds, resolve));
    return next();
  },
  // What went wrong is lost like what went well.
  lostAnswer: async (_, __, next) => {
    await next().catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
    });
    return CUT;
  },
  stale: async ({ seconds }, call, next) => {
    call.world = call.world.past.worldOf(call.world, seconds);
    return next();
  },
  expiredToken: async (_, call) => {
    throw expired(call);
  },
  outage: async ({ refused }) => (refused ? CUT : page(503)),
};

/**
 * Whether a fault is born behind ARM's own checks, in the service or in the gateway before it: recorded, such answers
 * carry the rate limits' headers, and those of the front door do not.
 */
export function isBehindArm(item: RequestFault): boolean {
  if (item.kind === 'error') return item.body === 'html' || item.status === 504;
  return ['tooManyRequests', 'throttled', 'stale', 'dependency'].includes(item.kind);
}

/** The 429 of ARM's front door. Text as people met it since 2024. */
export function requestsThrottled(
  type: 'read' | 'write' | 'delete',
  subscription: string,
  actor: string,
  retryAfter: number,
): Fault {
  return armFault(
    429,
    'SubscriptionRequestsThrottled',
    `Number of '${type}' requests for subscription '${subscription}' actor '${actor}' exceeded. Please try again after '${retryAfter}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.`,
    { 'Retry-After': String(retryAfter) },
  );
}

function throttled(call: Call, retryAfter: number): Fault {
  const type = call.method === 'GET' ? 'read' : call.method === 'DELETE' ? 'delete' : 'write';
  const { subscription, clientId } = call.world.options;
  const fault = requestsThrottled(type, subscription, call.principal ?? clientId, retryAfter);
  Object.assign(fault.headers, { [`x-ms-ratelimit-remaining-subscription-${type}s`]: '0' });
  return fault;
}

// Recorded ten times in ten without Retry-After. The data plane's own was not; its envelope is, the code is the schema's.
function tooManyRequests(call: Call): Fault {
  const message = 'Received too many requests in a short amount of time. Retry again after 20 seconds.';
  if (call.route.guard === 'data') return dataPlaneFault(429, 'RequestThrottled', message, ['TooManyRequests']);
  return mfeFault(429, { message, inner: ['QuotaExceeded', 'TooManyRequests'] });
}

// 500, 502 and 504 as recorded; 503 was not, and has the form of the front door's others.
function serviceError(status: 500 | 502 | 503 | 504, call: Call): Fault {
  const { options, clock } = call.world;
  const id = randomUUID();
  if (status === 500) {
    const time = clock
      .now()
      .toISOString()
      .replace(/[-:]|\.\d+/g, '');
    const message = `Encountered internal server error. Diagnostic information: timestamp '${time}', subscription id '${options.subscription}', tracking id '${id}', request correlation id '${id}'.`;
    return armFault(500, 'InternalServerError', message);
  }
  if (status === 502) {
    const message = `The network connectivity issue encountered for 'Microsoft.MachineLearningServices'; cannot fulfill the request.`;
    return armFault(502, 'BadGatewayConnection', message, { 'x-ms-failure-cause': 'service' });
  }
  if (status === 503) return armFault(503, 'ServiceUnavailable', 'The service is temporarily unavailable.');
  const address = `${options.region}.api.azureml.ms/execution/v1.0${call.url.pathname}`;
  const message = `Service invocation timed out. \r\nRequest: ${call.method} ${address} \r\n Message:  Time waited: 00:00:30.0035662`;
  return mfeFault(504, { code: 'TransientError', message, target: `${call.method} https://${address}` });
}

// As recorded, without the stack trace of 40,000 characters.
function dependencyDown(call: Call): Fault {
  const { options, clock } = call.world;
  const message = 'Identity authorization component was unavailable';
  const codes = ['ServiceUnavailable', 'AuthorizationUnavailable'];
  const inner = dataPlaneFault(503, 'SystemError', message, codes, { component: 'dataset' });
  return mfeFault(500, {
    code: 'ServiceError',
    message: 'Received 503 from a service request',
    target: `${call.method} https://${options.region}.api.azureml.ms${call.url.pathname}`,
    details: [
      {
        code: 'ServiceUnavailable',
        message: JSON.stringify(inner.body({ region: options.region, now: clock.now() }), null, 2),
      },
    ],
  });
}

const TITLES = {
  500: '500 Internal Server Error',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
};

/** The page of a gateway, as recorded for 504. */
function page(status: keyof typeof TITLES): Reply {
  const title = TITLES[status];
  const text = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: { 'Content-Type': 'text/html' }, text };
}

function expired(call: Call): Fault {
  const { clock, options } = call.world;
  const now = clock.now();
  const expiry = new Date(now.getTime() - 60_000).toUTCString();
  const message = `The access token expiry UTC time '${expiry}' is earlier than current UTC time '${now.toUTCString()}'.`;
  if (call.route.guard === 'data') return dataPlaneFault(401, 'UserError', message, ['AuthorizationError']);
  return armFault(401, 'ExpiredAuthenticationToken', message, {
    'WWW-Authenticate': `Bearer authorization_uri="${call.site.login}/${options.tenant}", error="invalid_token", error_description="${message}"`,
  });
}
