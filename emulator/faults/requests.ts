import type { Interceptor } from '../http/interceptor.js';
import type { Call, Reply } from '../http/route.js';
import { globTest } from '../scenario/glob.js';
import type { RequestFault } from '../scenario/language/requests.js';
import type { Entry } from '../scenario/scripts.js';
import { isBehindArm, MEET, type Meet } from './kinds.js';

/**
 * Has requests meet the faults that scenarios ask for, in their order. It stands in the row twice: outermost, and behind
 * ARM's own checks.
 *
 * @param place which faults: those that a client meets before ARM looks at the request, or behind it
 */
export function requestFaults(place: 'front' | 'behind'): Interceptor {
  return (call, next) => {
    const plane = planeOf(call);
    if (plane === null) return next();
    const { scripts } = call.world.scenario;
    const entries = scripts
      .inForce('requests')
      .filter(({ item }) => isBehindArm(item) === (place === 'behind') && matches(item, call, plane));
    const from = async (index: number): Promise<Reply> => {
      const entry = entries[index];
      if (entry === undefined) return next();
      if (!scripts.meets(entry)) return from(index + 1);
      return meet(entry, call, () => from(index + 1));
    };
    return from(0);
  };
}

function meet({ item, key }: Entry<RequestFault>, call: Call, next: () => Promise<Reply>): Promise<Reply> {
  call.world.log(`scenario: ${key} ${item.kind}: ${call.method} ${call.url.pathname}`);
  return (MEET[item.kind] as Meet<RequestFault['kind']>)(item, call, next);
}

function matches(item: RequestFault, call: Call, plane: Plane): boolean {
  const isMethod = item.method === undefined || item.method === call.method;
  const isPlane = item.plane === undefined || item.plane === plane;
  const isReadable = item.kind !== 'stale' || call.method === 'GET';
  return isMethod && isPlane && isReadable && globTest(item.path.toLowerCase())(call.url.pathname.toLowerCase());
}

type Plane = NonNullable<RequestFault['plane']>;

// The emulator's own controls always work. Discovery is the region's; what else is open leads to tokens.
function planeOf({ route, url }: Call): Plane | null {
  if (url.pathname.startsWith('/_emulator/')) return null;
  if (route.guard !== 'open') return route.guard;
  return url.pathname.startsWith('/discovery') ? 'data' : 'login';
}
