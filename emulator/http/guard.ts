import { authorize } from '../identity/authorization.js';
import type { Claims } from '../identity/signer.js';
import { armFault, dataPlaneFault, type Fault } from './fault.js';
import type { Interceptor } from './interceptor.js';
import type { Call } from './route.js';

const CLOCK_SKEW_SECONDS = 300;
const MANAGEMENT = ['https://management.core.windows.net', 'https://management.azure.com'];
/** The data plane takes tokens for the studio's own audience too. */
const STUDIO = 'https://ml.azure.com';

/**
 * Refuses a call that Azure would refuse before it reaches the service: no token, a bad or expired one, one for another
 * audience (401 with a challenge), one of a principal whose role does not allow it (403), or a path outside this
 * emulator's subscription and workspace (404).
 */
export const admission: Interceptor = (call, next) => {
  if (call.route.guard !== 'open') {
    call.principal = checkToken(call);
    checkSubscription(call);
    authorize(call, call.principal);
    checkWorkspace(call);
  }
  return next();
};

/** @returns the application that the token was given to */
function checkToken(call: Call): string {
  const header = call.headers['authorization'];
  if (header === undefined) {
    throw unauthorized(call, 'AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  }
  const token = /^Bearer (.+)$/i.exec(header)?.[1];
  const claims = token === undefined ? undefined : readToken(call, token);
  if (claims === undefined) throw unauthorized(call, 'InvalidAuthenticationToken', 'The access token is invalid.');
  const now = call.world.clock.now();
  if (Number(claims['exp']) < now.getTime() / 1000 - CLOCK_SKEW_SECONDS) {
    const expiry = new Date(Number(claims['exp']) * 1000).toUTCString();
    throw unauthorized(
      call,
      'ExpiredAuthenticationToken',
      `The access token expiry UTC time '${expiry}' is earlier than current UTC time '${now.toUTCString()}'.`,
    );
  }
  const audience = String(claims['aud']).replace(/\/+$/, '');
  const audiences = acceptedAudiences(call);
  if (!audiences.includes(audience)) {
    throw unauthorized(
      call,
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the allowed audiences '${audiences.join("','")}'.`,
    );
  }
  return String(claims['appid']);
}

function readToken(call: Call, token: string): Claims | undefined {
  try {
    return call.world.signer.read(token);
  } catch {
    return undefined;
  }
}

// A client that found the emulator through its metadata document asks for tokens for the address that stands in there.
function acceptedAudiences(call: Call): string[] {
  const isData = call.route.guard === 'data';
  return [...new Set([...MANAGEMENT, call.site.arm, call.world.url(), ...(isData ? [STUDIO] : [])])];
}

function unauthorized(call: Call, code: string, message: string): Fault {
  const authority = `${call.site.login}/${call.world.options.tenant}`;
  const headers = {
    'WWW-Authenticate': `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
  };
  if (call.route.guard !== 'data') return armFault(401, code, message, headers);
  const isMissing = code === 'AuthenticationFailed';
  const said = isMissing ? 'Bearer token not provided.' : message;
  return dataPlaneFault(401, 'UserError', said, ['AuthorizationError'], { headers });
}

function checkSubscription(call: Call): void {
  const { subscription } = call.params;
  if (same(subscription, call.world.options.subscription)) return;
  throw armFault(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
}

function checkWorkspace(call: Call): void {
  const { options } = call.world;
  const { group, workspace } = call.params;
  if (!same(group, options.resourceGroup)) {
    throw armFault(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`, {
      'x-ms-failure-cause': 'gateway',
    });
  }
  if (!same(workspace, options.workspace)) {
    throw armFault(
      404,
      'ResourceNotFound',
      `The Resource 'Microsoft.MachineLearningServices/workspaces/${workspace}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
      { 'x-ms-failure-cause': 'gateway' },
    );
  }
}

function same(given: string | undefined, ours: string): boolean {
  return given === undefined || given.toLowerCase() === ours.toLowerCase();
}
