import type { Exchange } from '../../../emulator/http/exchange.js';
import type { Route } from '../../../emulator/http/route.js';
import type { Emulator } from '../../../emulator/server.js';
import type { Judged } from './validate.js';

/** An exchange to be judged, with the route that served it and the api-version that it asked for. */
export interface Recorded extends Judged {
  route: Route;
  version: string | null;
}

/** Keeps every exchange of an emulator that a route of Azure served from now on. */
export function record({ world }: Pick<Emulator, 'world'>): Recorded[] {
  const recorded: Recorded[] = [];
  world.observers.push((exchange) => {
    const { call } = exchange;
    const isAnswered = exchange.status !== 0;
    if (call !== null && isAnswered && call.route.guard !== 'open' && isJson(exchange))
      recorded.push(recordedOf(exchange, call));
  });
  return recorded;
}

function recordedOf({ method, status, text }: Exchange, call: NonNullable<Exchange['call']>): Recorded {
  const path = decodeURIComponent(call.url.pathname);
  const version = call.query.get('api-version');
  return { method, path, requestText: call.text, status, answerText: text.toString(), route: call.route, version };
}

// The pages of gateways are no bodies of the service.
function isJson({ headers }: Exchange): boolean {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return type === undefined || type.startsWith('application/json');
}
