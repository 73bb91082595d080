import { armFault, dataPlaneFault, type Fault } from '../http/fault.js';
import type { Call } from '../http/route.js';
import { findPrincipal, objectIdOf, type Role } from './principals.js';

const PROVIDER = 'Microsoft.MachineLearningServices';

/** What a call does in the words of Azure's access control, and on what. */
interface Operation {
  /** `Microsoft.MachineLearningServices/workspaces/jobs/write` */
  action: string;
  /** ARM id of the resource that a role would have to be assigned on. */
  scope: string;
}

/**
 * Refuses what the principal's role does not allow: in ARM's words for the management plane, in the data plane's for run
 * history.
 *
 * @throws Fault 403
 */
export function authorize(call: Call, clientId: string): void {
  const role = findPrincipal(call.world.options, clientId)?.role ?? 'none';
  if (call.route.guard === 'data') {
    if (role === 'none') throw dataForbidden();
    return;
  }
  const operation = operationOf(call.method, call.url.pathname);
  if (!isAllowed(role, operation)) throw armForbidden(call, clientId, operation);
}

/** The operation that a method on a path is: the resource type from every second part, and what is done with it. */
export function operationOf(method: string, path: string): Operation {
  const [before = '', after = ''] = path.split(new RegExp(`/providers/${PROVIDER}/`, 'i'));
  const parts = after.split('/').filter((part) => part !== '');
  const isPost = method === 'POST';
  const ofCollection = parts.length % 2 === 1;
  const type = parts.filter((_, index) => index % 2 === 0).join('/');
  const verb = isPost ? 'action' : ({ GET: 'read', HEAD: 'read', DELETE: 'delete' }[method] ?? 'write');
  const id = ofCollection ? parts.slice(0, -1) : parts;
  const scope = id.length === 0 ? before : `${before}/providers/${PROVIDER}/${id.join('/')}`;
  return { action: `${PROVIDER}/${type}/${verb}`, scope };
}

function isAllowed(role: Role, { action }: Operation): boolean {
  if (role === 'contributor') return true;
  return role === 'reader' && action.endsWith('/read');
}

function armForbidden(call: Call, clientId: string, { action, scope }: Operation): Fault {
  const objectId = objectIdOf(call.world.options, clientId);
  return armFault(
    403,
    'AuthorizationFailed',
    `The client '${clientId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    { 'x-ms-failure-cause': 'gateway' },
  );
}

// The envelope and the sentence as recorded of the data plane's asset store.
function dataForbidden(): Fault {
  const reason = 'not having read access to specified resources for following asset types: runs';
  return dataPlaneFault(
    403,
    'UserError',
    `User is not authorized to access provided resources due to ${reason}.`,
    ['Auth', 'Authorization'],
    { format: 'User is not authorized to access provided resources due to {reason}.', parameters: { reason } },
  );
}
