import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

import { Fault } from '../http/fault.js';
import type { Call, Reply, Route } from '../http/route.js';
import { param } from '../http/route.js';
import { PERSON_ID } from '../options.js';

const LIFE_SECONDS = 3600;

/** The OAuth 2 token endpoint for service principals with a secret, and the documents that lead to it. */
export const tokenRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/:tenant/v2.0/.well-known/openid-configuration',
    guard: 'open',
    title: 'Where the authority has its endpoints',
    handle: openIdConfiguration,
  },
  {
    method: 'GET',
    path: '/:tenant/discovery/v2.0/keys',
    guard: 'open',
    title: 'Keys that tokens are signed with',
    handle: ({ world }) => ({ status: 200, body: world.signer.keys() }),
  },
  {
    method: 'POST',
    path: '/:tenant/oauth2/v2.0/token',
    guard: 'open',
    title: 'Token for a service principal',
    handle: token,
  },
];

function openIdConfiguration(call: Call): Reply {
  const base = `${call.site.login}/${param(call, 'tenant')}`;
  return {
    status: 200,
    body: {
      token_endpoint: `${base}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_types_supported: ['code', 'id_token', 'token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      tenant_region_scope: null,
    },
  };
}

function token(call: Call): Reply {
  const form = call.body as Record<string, string> | undefined;
  checkRequest(call, form ?? {});
  const { clientId, tenant } = call.world.options;
  const now = Math.floor(call.world.clock.now().getTime() / 1000);
  const audience = (form?.['scope'] ?? '').split(' ')[0]?.replace(/\/\.default$/, '') ?? '';
  const accessToken = call.world.signer.sign({
    aud: audience,
    iss: `https://sts.windows.net/${tenant}/`,
    iat: now,
    nbf: now,
    exp: now + LIFE_SECONDS,
    appid: clientId,
    idtyp: 'app',
    oid: PERSON_ID,
    sub: PERSON_ID,
    tid: tenant,
    uti: randomBytes(16).toString('base64url'),
    ver: '1.0',
  });
  const body = {
    token_type: 'Bearer',
    expires_in: LIFE_SECONDS,
    ext_expires_in: LIFE_SECONDS,
    access_token: accessToken,
  };
  return { status: 200, headers: { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' }, body };
}

function checkRequest(call: Call, form: Record<string, string>): void {
  const { tenant, clientId, clientSecret } = call.world.options;
  const asked = param(call, 'tenant');
  if (asked.toLowerCase() !== tenant.toLowerCase()) {
    throw refusal(
      call,
      400,
      'invalid_request',
      90002,
      `Tenant '${asked}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
    );
  }
  if (form['grant_type'] !== 'client_credentials') {
    throw refusal(
      call,
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${form['grant_type'] ?? ''}'.`,
    );
  }
  if (form['client_id']?.toLowerCase() !== clientId.toLowerCase()) {
    throw refusal(
      call,
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${form['client_id'] ?? ''}' was not found in the directory '${tenant}'.`,
    );
  }
  if (clientSecret !== null && !sameSecret(form['client_secret'] ?? '', clientSecret)) {
    throw refusal(
      call,
      401,
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    );
  }
  if (form['scope'] === undefined) {
    throw refusal(
      call,
      400,
      'invalid_request',
      900144,
      "The request body must contain the following parameter: 'scope'.",
    );
  }
}

function sameSecret(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function refusal(call: Call, status: number, error: string, code: number, message: string): Fault {
  const time = call.world.clock.now().toISOString().slice(0, 19).replace('T', ' ') + 'Z';
  const [trace, correlation] = [randomUUID(), randomUUID()];
  return new Fault(status, message, () => ({
    error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${time}`,
    error_codes: [code],
    timestamp: time,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `${call.site.login}/error?code=${code}`,
  }));
}
