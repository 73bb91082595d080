import type { Call } from './route.js';

/** A request with its answer, as they went over the wire. */
export interface Exchange {
  method: string;
  /** Path and query as sent. */
  target: string;
  /** null when no route serves the request, or its body could not be read. */
  call: Call | null;
  status: number;
  headers: Record<string, string>;
  /** The answer's body. */
  text: string | Buffer;
  milliseconds: number;
}

/** Is told of every exchange once it is over. */
export type Observer = (exchange: Exchange) => void;

// The same in nearly all lines, and long.
const PROVIDER = /\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?\/providers\/Microsoft\.MachineLearningServices\//i;

/** A line for the log: `GET    200     3.2 ms 2023-10-01         .../workspaces/local/jobs/one`. */
export function exchangeLine({ method, target, status, milliseconds }: Exchange): string {
  const [path = '', query] = target.split('?', 2);
  const asked = new URLSearchParams(query);
  const version = asked.get('api-version') ?? '-';
  asked.delete('api-version');
  const rest = asked.size === 0 ? '' : `?${decodeURIComponent(asked.toString())}`;
  return requestLine({ method, status, milliseconds, version, path: `${path.replace(PROVIDER, '.../')}${rest}` });
}

/** The same for a request that another program answered. */
export function requestLine(said: {
  method: string;
  status: number;
  milliseconds: number;
  version: string;
  path: string;
}): string {
  const { method, status, milliseconds, version, path } = said;
  return `${method.padEnd(6)} ${status} ${milliseconds.toFixed(1).padStart(7)} ms ${version.padEnd(18)} ${path}`;
}
