import { SEARCH_ATTRIBUTES, type SearchAttributeKind, type SearchAttributeName } from '../domain/search-attributes.js';
import type { TemporalTarget } from './connection.js';

/** Whether the attributes that runs can be found by exist in a namespace. */
export type Registration =
  | { readonly kind: 'registered' }
  | { readonly kind: 'missing'; readonly names: readonly SearchAttributeName[] }
  /** Registered under our name with another type: nothing of ours may write to it. */
  | { readonly kind: 'taken'; readonly name: SearchAttributeName }
  /** The server does not say, as Temporal Cloud may not: they are not used then. */
  | { readonly kind: 'unknown'; readonly because: string };

/** As both connections of the SDK have it, `Connection` and `NativeConnection`. */
export interface OperatorConnection {
  readonly operatorService: {
    listSearchAttributes(request: { namespace: string }): Promise<{ customAttributes?: Record<string, number> | null }>;
  };
  withDeadline<R>(deadline: number, work: () => Promise<R>): Promise<R>;
}

/** How long a start may wait for the answer: searching is a comfort, the run is not. */
const PATIENCE_MS = 5000;

/** `IndexedValueType` of the API. */
const KINDS: Record<SearchAttributeKind, number> = { Keyword: 2, Int: 3 };

/** Asks the server; never throws. */
export async function lookForSearchAttributes(
  connection: OperatorConnection,
  namespace: string,
): Promise<Registration> {
  try {
    const { customAttributes } = await connection.withDeadline(Date.now() + PATIENCE_MS, () =>
      connection.operatorService.listSearchAttributes({ namespace }),
    );
    return registrationOf(customAttributes ?? {});
  } catch (error) {
    return { kind: 'unknown', because: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

export function registrationOf(custom: Readonly<Record<string, number>>): Registration {
  const names = Object.keys(SEARCH_ATTRIBUTES) as SearchAttributeName[];
  const taken = names.find((name) => name in custom && custom[name] !== KINDS[SEARCH_ATTRIBUTES[name]]);
  if (taken !== undefined) return { kind: 'taken', name: taken };
  const missing = names.filter((name) => !(name in custom));
  return missing.length === 0 ? { kind: 'registered' } : { kind: 'missing', names: missing };
}

/** One sentence for the person who runs a worker or starts a run; null where all is well. */
export function searchAttributesSentence(registration: Registration, target: TemporalTarget): string | null {
  const without = 'runs do without them (and all else works)';
  switch (registration.kind) {
    case 'registered':
      return null;
    case 'missing':
      return `search attributes ${registration.names.join(', ')} are not registered in namespace ${target.namespace}, so ${without}; register them with: ${createCommand(registration.names, target)}`;
    case 'taken':
      return `search attribute ${registration.name} is registered in namespace ${target.namespace} with another type than ${SEARCH_ATTRIBUTES[registration.name]}, so ${without}`;
    case 'unknown':
      return `the server does not say which search attributes namespace ${target.namespace} has (${registration.because}), so ${without}`;
  }
}

/** One command a name: of several names, CLI 1.9.1 registers the first and says that all were (seen on its dev server). */
function createCommand(names: readonly SearchAttributeName[], target: TemporalTarget): string {
  const where = `${target.from === 'environment' ? '' : ` --address ${target.address}`} --namespace ${target.namespace}`;
  return names
    .map((name) => `temporal operator search-attribute create${where} --name ${name} --type ${SEARCH_ATTRIBUTES[name]}`)
    .join(' && ');
}
