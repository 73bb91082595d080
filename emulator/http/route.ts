import type { World } from '../world.js';

/** A request, read. */
export interface Call {
  world: World;
  method: string;
  url: URL;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  /** The parsed JSON, the form's fields, or undefined without a body. */
  body: unknown;
}

/** An answer; no `body` means an empty one, `null` the JSON literal. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
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
