import { armFault, type Fault } from './fault.js';
import type { Interceptor } from './interceptor.js';
import type { Call } from './route.js';

const CLOCK_SKEW_SECONDS = 300;

/**
 * Refuses a call that Azure would refuse before it reaches the service: no token, a bad or expired one, one for another
 * audience (401 with a challenge), or a path outside this emulator's subscription and workspace (404).
 */
export const admission: Interceptor = (call, next) => {
  if (call.route.guard !== 'open') {
    call.principal = checkToken(call);
    checkScope(call);
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
  const now = call.world.clock.now().getTime() / 1000;
  if (Number(claims['exp']) < now - CLOCK_SKEW_SECONDS) {
    const expiry = new Date(Number(claims['exp']) * 1000).toUTCString();
    throw unauthorized(
      call,
      'ExpiredAuthenticationToken',
      `The access token expiry UTC time '${expiry}' is earlier than current UTC time '${new Date().toUTCString()}'.`,
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

function readToken(call: Call, token: string): Record<string, string | number> | undefined {
  try {
    return call.world.signer.read(token);
  } catch {
    return undefined;
  }
}

function acceptedAudiences(call: Call): string[] {
  return ['https://management.core.windows.net', 'https://management.azure.com', call.site.arm];
}

function unauthorized(call: Call, code: string, message: string): Fault {
  const { options } = call.world;
  const authority = `${call.site.login}/${options.tenant}`;
  return armFault(401, code, message, {
    'WWW-Authenticate': `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
  });
}

function checkScope(call: Call): void {
  const { options } = call.world;
  const { subscription, group, workspace } = call.params;
  const same = (given: string | undefined, ours: string): boolean =>
    given === undefined || given.toLowerCase() === ours.toLowerCase();
  if (!same(subscription, options.subscription)) {
    throw armFault(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  }
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
