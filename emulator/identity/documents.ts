import { ok, type Call, type Reply, type Route } from '../http/route.js';
import { refusal } from './refusal.js';
import { isShared, knownTenant } from './tenant.js';

/** Names under which the one public Entra is known; all of them lead here in the proxy mode. */
const ENTRA = ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'];

/** The documents that lead a client to the token endpoint. */
export const documentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/:tenant/v2.0/.well-known/openid-configuration',
    guard: 'open',
    title: 'OpenID configuration',
    handle: (call) => ok(openIdConfiguration(call)),
  },
  {
    method: 'GET',
    path: '/:tenant/discovery/instance',
    guard: 'open',
    title: 'Instance discovery',
    handle: instanceDiscovery,
  },
  {
    method: 'GET',
    path: '/:tenant/discovery/v2.0/keys',
    guard: 'open',
    title: 'Keys that tokens are signed with',
    handle: ({ world }) => ok(world.signer.keys()),
  },
];

function openIdConfiguration(call: Call): object {
  const tenant = knownTenant(call);
  const base = `${call.site.login}/${tenant}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${call.site.login}/${isShared(tenant) ? '{tenantid}' : tenant}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: null,
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  };
}

// Clients ask the public authority whether the authority that they were given is a real one. This emulator's own is; it
// is told by its host alone, for MSAL for Python leaves the port out.
function instanceDiscovery(call: Call): Reply {
  const asked = call.query.get('authorization_endpoint') ?? '';
  const endpoint = URL.canParse(asked) ? new URL(asked) : undefined;
  const own = [call.site.login, call.world.url()].find((base) => new URL(base).hostname === endpoint?.hostname);
  if (endpoint === undefined || (own === undefined && !ENTRA.includes(endpoint.hostname))) {
    throw refusal(call, {
      status: 400,
      error: 'invalid_instance',
      code: 50049,
      message: `Unknown or invalid instance: the authorization_endpoint '${asked}' is none of this cloud's.`,
    });
  }
  const tenant = endpoint.pathname.split('/')[1] ?? 'common';
  const isAzure = ENTRA.includes(endpoint.hostname);
  return ok({
    tenant_discovery_endpoint: `${own ?? endpoint.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': call.query.get('api-version') ?? '1.1',
    metadata: [
      { preferred_network: ENTRA[0], preferred_cache: 'login.windows.net', aliases: ENTRA },
      ...(isAzure || own === undefined ? [] : [alone(new URL(own).host)]),
    ],
  });
}

function alone(host: string): { preferred_network: string; preferred_cache: string; aliases: string[] } {
  return { preferred_network: host, preferred_cache: host, aliases: [host] };
}
