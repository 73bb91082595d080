import { z } from 'zod';

import type { Datastore } from '../entities/datastore.js';
import { eviction, evict } from '../faces/evict.js';
import { armFault } from '../http/fault.js';
import { ok, type Call, type Reply, type Route } from '../http/route.js';
import { parseScenario } from '../scenario/schema.js';

/** The emulator's own controls, for people and tests; Azure has nothing like them. */
export const controlRoutes: readonly Route[] = [
  { method: 'GET', path: '/_emulator/state', guard: 'open', handle: state },
  { method: 'POST', path: '/_emulator/evict', guard: 'open', handle: takeAway },
  { method: 'POST', path: '/_emulator/scenario', guard: 'open', handle: loadScenario },
];

const evictBody = eviction.extend({ job: z.string().min(1) });

// Everything but secrets.
function state({ world }: Call): Reply {
  const { storageKey, clientSecret, ...options } = world.options;
  const hidden = {
    storageKey: storageKey === null ? null : '(hidden)',
    clientSecret: clientSecret === null ? null : '(hidden)',
  };
  const entities = world.store.names().filter((name) => name !== 'identity');
  return ok({
    url: world.url(),
    options: { ...options, ...hidden },
    scenario: world.scenario.state(),
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

function loadScenario(call: Call): Reply {
  try {
    const rules = parseScenario(JSON.stringify(call.body ?? null), 'sent');
    call.world.scenario.load(rules);
    return ok({ rules: rules.length });
  } catch (error) {
    throw armFault(400, 'BadScenario', (error as Error).message);
  }
}
