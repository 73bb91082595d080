import { z } from 'zod';

import type { Datastore } from '../entities/datastore.js';
import { evict } from '../faces/evict.js';
import { armFault } from '../http/fault.js';
import { ok, type Call, type Reply, type Route } from '../http/route.js';
import { eviction } from '../scenario/language/evictions.js';
import { readScenario, type ReadScenario } from '../scenario/scenario.js';

/** The emulator's own controls, for people and tests; Azure has nothing like them. */
export const controlRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/_emulator/state',
    title: 'Everything that the emulator knows',
    guard: 'open',
    handle: state,
  },
  { method: 'POST', path: '/_emulator/evict', title: 'Take a node of a job away', guard: 'open', handle: takeAway },
  {
    method: 'POST',
    path: '/_emulator/scenario',
    title: 'Load a scenario in place of what is loaded',
    guard: 'open',
    handle: replace,
  },
  { method: 'DELETE', path: '/_emulator/scenario', title: 'Unload the scenario', guard: 'open', handle: clear },
  { method: 'POST', path: '/_emulator/faults', title: 'Add to the scenario', guard: 'open', handle: add },
  {
    method: 'DELETE',
    path: '/_emulator/faults',
    title: 'Unload the scenario, faults added included',
    guard: 'open',
    handle: clear,
  },
];

const evictBody = eviction.extend({ job: z.string().min(1) });

/** Collections that the state page shows in another form, or not at all. */
const APART = new Set(['identity', 'scripts']);

// Everything but secrets.
function state({ world }: Call): Reply {
  const { storageKey, clientSecret, principals, ...options } = world.options;
  const hidden = {
    storageKey: storageKey === null ? null : '(hidden)',
    clientSecret: clientSecret === null ? null : '(hidden)',
    principals: principals.map(({ clientId, role }) => ({ clientId, role })),
  };
  const entities = world.store.names().filter((name) => !APART.has(name));
  return ok({
    url: world.url(),
    options: { ...options, ...hidden },
    scenario: world.scenario.state(),
    limits: world.limits.state(),
    ...Object.fromEntries(
      entities.map((name) => [name, world.store.collection<object>(name).all().map(withoutSecrets)]),
    ),
  });
}

function withoutSecrets(entity: object): object {
  return 'secrets' in entity ? { ...(entity as Datastore), secrets: '(hidden)' } : entity;
}

async function takeAway(call: Call): Promise<Reply> {
  const parsed = evictBody.safeParse(call.body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw armFault(
      400,
      'BadEviction',
      `Field ${issue?.path.join('.') || 'job'} of the eviction is wrong: ${issue?.message ?? ''}.`,
    );
  }
  const { job, ...what } = parsed.data;
  return ok({ done: await evict(call.world, job, what) });
}

async function replace(call: Call): Promise<Reply> {
  const read = await scenarioIn(call);
  call.world.scenario.replace(read);
  return ok(counted(read));
}

async function add(call: Call): Promise<Reply> {
  const read = await scenarioIn(call);
  call.world.scenario.add(read);
  return ok(counted(read));
}

function clear({ world }: Call): Reply {
  return ok({ ended: world.scenario.clear() });
}

// Files that it names are relative to where the emulator was started.
async function scenarioIn(call: Call): Promise<ReadScenario> {
  try {
    return await readScenario(JSON.stringify(call.body ?? null), 'sent', process.cwd());
  } catch (error) {
    throw armFault(400, 'BadScenario', (error as Error).message);
  }
}

// How many items of each block there are.
function counted({ document }: ReadScenario): Record<string, number> {
  const { seed: _, ...blocks } = document;
  return Object.fromEntries(Object.entries(blocks).map(([name, items]) => [name, items.length]));
}
