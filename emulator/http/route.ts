import type { World } from '../world.js';
import type { Site } from './site.js';

/** A request, read. */
export interface Call {
  world: World;
  method: string;
  url: URL;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  /** Addresses as this caller sees them. */
  site: Site;
  /** The route that serves it. */
  route: Route;
  /** The body as sent. */
  text: string;
  /** The parsed JSON, the form's fields, or undefined without a body. */
  body: unknown;
  /** The application that the token was given to; null on open routes. */
  principal: string | null;
}

/** An answer; no `body` means an empty one, `null` the JSON literal. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** A body as it goes out: JSON that is printed already, or none at all, such as a gateway's HTML page, whose type stands in `headers`. */
  text?: string | Buffer;
  /** The connection is cut instead of an answer. */
  cut?: boolean;
}

/**
 * Who may call a route: `arm` and `data` want a token (and the workspace of this emulator in the path), `open` is for the
 * identity endpoints and the emulator's own controls.
 */
export type Guard = 'arm' | 'data' | 'open';

/** One line of what is served. */
export interface Route {
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE' | 'HEAD';
  path: string;
  guard: Guard;
  /** What it is, for SUPPORT.md: "Create or update a cluster". */
  title?: string;
  /** Names in `versions/members.json` of what goes in and what comes out: members that the api-version does not know are refused, and left out. */
  request?: string;
  answer?: string;
  handle(call: Call): Reply | Promise<Reply>;
}

/** Path of the workspace, with the parameters that the guards check. */
export const WORKSPACE =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.MachineLearningServices/workspaces/:workspace';

/** Path of a location's resources. */
export const LOCATION = '/subscriptions/:subscription/providers/Microsoft.MachineLearningServices/locations/:location';

/** A path parameter that the route has for certain. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`The route of ${call.url.pathname} has no parameter "${name}".`);
  return value;
}

/** 200 with a body. */
export function ok(body: unknown): Reply {
  return { status: 200, body };
}
