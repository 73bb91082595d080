import FindMyWay from 'find-my-way';

import { armFault } from './fault.js';
import type { Route } from './route.js';
import { unservedAt } from './unserved.js';

/** A route found for a request, with its path parameters. */
export interface Match {
  route: Route;
  params: Record<string, string>;
}

export type Router = (method: string, path: string) => Match;

/**
 * Finds routes by method and path, without regard to case as ARM does.
 *
 * The router that it returns throws a Fault 501 naming what is asked for when nothing serves it: silence or a 404 would
 * look like a missing resource.
 */
export function createRouter(routes: readonly Route[]): Router {
  const table = FindMyWay<FindMyWay.HTTPVersion.V1>({
    caseSensitive: false,
    ignoreTrailingSlash: true,
    maxParamLength: 2048,
  });
  for (const route of routes) table.on(route.method, route.path, () => undefined, route);
  return (method, path) => {
    const found = table.find(method as FindMyWay.HTTPMethod, path);
    if (found === null) throw notEmulated(method, path);
    return { route: found.store as Route, params: found.params as Record<string, string> };
  };
}

function notEmulated(method: string, path: string): Error {
  const name = unservedAt(path);
  const what = name === null ? `${method} ${path}` : `${name}: ${method} ${path}`;
  return armFault(501, 'NotEmulated', `azureml-emulator does not emulate ${what}. See emulator/SUPPORT.md.`);
}
