import { randomBytes } from 'node:crypto';

import type { Call, Reply, Route } from '../http/route.js';
import { param } from '../http/route.js';
import { checkAssertion, EXCHANGE, OWN_SUBJECT } from './assertion.js';
import { findPrincipal, objectIdOf, secretFits, type Principal } from './principals.js';
import { refusal, type Refusal } from './refusal.js';
import { isShared, knownTenant } from './tenant.js';

const LIFE_SECONDS = 3600;
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The OAuth 2 token endpoint for service principals with a secret or a federated token. */
export const tokenRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/:tenant/oauth2/v2.0/token',
    guard: 'open',
    title: 'Token for a service principal (client credentials: secret or federated token)',
    handle: token,
  },
  {
    method: 'POST',
    path: '/_emulator/federated-token',
    guard: 'open',
    title: 'A token for AZURE_FEDERATED_TOKEN_FILE',
    handle: federatedToken,
  },
];

function token(call: Call): Reply {
  const form = (call.body ?? {}) as Record<string, string>;
  const principal = checkRequest(call, form);
  const { options } = call.world;
  const objectId = objectIdOf(options, principal.clientId);
  const accessToken = call.world.signer.sign({
    aud: audienceOf(call, form['scope'] ?? ''),
    iss: `https://sts.windows.net/${options.tenant}/`,
    ...lifetime(call),
    appid: principal.clientId,
    appidacr: form['client_assertion'] === undefined ? '1' : '2',
    idp: `https://sts.windows.net/${options.tenant}/`,
    idtyp: 'app',
    oid: objectId,
    sub: objectId,
    tid: options.tenant,
    uti: randomBytes(16).toString('base64url'),
    ver: '1.0',
  });
  const life = { expires_in: LIFE_SECONDS, ext_expires_in: LIFE_SECONDS };
  const body = { token_type: 'Bearer', ...life, access_token: accessToken };
  return { status: 200, headers: { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' }, body };
}

function federatedToken(call: Call): Reply {
  const issuer = `${call.site.login}/_emulator`;
  const text = call.world.signer.sign({ iss: issuer, sub: OWN_SUBJECT, aud: EXCHANGE, ...lifetime(call) });
  return { status: 200, body: { token: text } };
}

function lifetime(call: Call): { iat: number; nbf: number; exp: number } {
  const now = Math.floor(call.world.clock.now().getTime() / 1000);
  return { iat: now, nbf: now, exp: now + LIFE_SECONDS };
}

function checkRequest(call: Call, form: Record<string, string>): Principal {
  if (isShared(knownTenant(call))) {
    throw bad(
      call,
      'invalid_request',
      50059,
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
    );
  }
  const grant = form['grant_type'] ?? '';
  if (grant !== 'client_credentials') {
    throw bad(call, 'unsupported_grant_type', 70003, `The app requested an unsupported grant type '${grant}'.`);
  }
  const clientId = form['client_id'] ?? '';
  const principal = findPrincipal(call.world.options, clientId);
  if (principal === undefined) {
    throw bad(
      call,
      'unauthorized_client',
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${param(call, 'tenant')}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    );
  }
  checkCredential(call, form, principal);
  return principal;
}

function checkCredential(call: Call, form: Record<string, string>, principal: Principal): void {
  const assertion = form['client_assertion'];
  const refused = (code: number, message: string): Error =>
    refusal(call, { status: 401, error: 'invalid_client', code, message });
  if (assertion !== undefined) {
    if (form['client_assertion_type'] !== JWT_BEARER) {
      throw bad(
        call,
        'invalid_request',
        900144,
        "The request body must contain the following parameter: 'client_assertion_type'.",
      );
    }
    return checkAssertion(call, assertion);
  }
  const secret = form['client_secret'];
  if (secret === undefined) {
    throw refused(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  if (!secretFits(principal, secret)) {
    throw refused(
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${principal.clientId}'.`,
    );
  }
}

// The audience is what stands before `/.default`, to the letter: a scope of `https://x//.default` is for `https://x/`.
function audienceOf(call: Call, scope: string): string {
  if (scope === '')
    throw bad(call, 'invalid_request', 900144, "The request body must contain the following parameter: 'scope'.");
  const audience = /^(.+)\/\.default$/.exec(scope.split(' ')[0] ?? '')?.[1];
  if (audience !== undefined) return audience;
  throw bad(
    call,
    'invalid_scope',
    1002012,
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  );
}

function bad(call: Call, error: string, code: number, message: string): Error {
  return refusal(call, { status: 400, error, code, message } satisfies Refusal);
}
