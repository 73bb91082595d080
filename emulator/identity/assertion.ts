import type { Call } from '../http/route.js';
import { refusal, type Refusal } from './refusal.js';
import type { Claims } from './signer.js';

/** Audience of the tokens that workload identity federation exchanges. */
export const EXCHANGE = 'api://AzureADTokenExchange';
/** Subject of the federated tokens that the emulator itself signs. */
export const OWN_SUBJECT = 'system:serviceaccount:default:azureml-emulator';

const HELP = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation';
const SKEW_SECONDS = 300;

/**
 * Checks the token that a workload presents instead of a secret.
 *
 * One that this emulator signed must carry its signature. Another issuer's cannot be verified on loopback: it is taken
 * for its word when its subject is the one of `--federated-subject`, as a federated credential names it.
 *
 * @throws Fault as Entra refuses it
 */
export function checkAssertion(call: Call, assertion: string): void {
  const claims = read(assertion);
  if (claims === undefined) {
    throw refusal(call, {
      status: 400,
      error: 'invalid_request',
      code: 50027,
      message: 'JWT token is invalid or malformed.',
    });
  }
  const wrong = problemOf(call, assertion, claims);
  if (wrong !== undefined) throw refusal(call, { status: 401, error: 'invalid_client', ...wrong });
}

function problemOf(call: Call, assertion: string, claims: Claims): Pick<Refusal, 'code' | 'message'> | undefined {
  const [subject, audience] = [String(claims['sub']), String(claims['aud'])];
  const now = call.world.clock.now();
  const expiry = new Date(Number(claims['exp'] ?? 0) * 1000);
  const start = new Date(Number(claims['nbf'] ?? 0) * 1000);
  const isOutside =
    expiry.getTime() + SKEW_SECONDS * 1000 < now.getTime() || start.getTime() - SKEW_SECONDS * 1000 > now.getTime();
  const isOwn = subject === OWN_SUBJECT;
  if (isOwn && call.world.signer.read(assertion) === undefined) {
    return {
      code: 700027,
      message:
        'The certificate with identifier used to sign the client assertion is not registered on application. Client assertion contains an invalid signature.',
    };
  }
  if (!isOwn && subject !== call.world.options.federatedSubject) {
    return {
      code: 700213,
      message: `No matching federated identity record found for presented assertion subject '${subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${HELP}`,
    };
  }
  if (audience !== EXCHANGE) {
    return {
      code: 700212,
      message: `No matching federated identity record found for presented assertion audience '${audience}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${HELP}`,
    };
  }
  if (!isOutside) return undefined;
  return {
    code: 700024,
    message: `Client assertion is not within its valid time range. Current time: ${now.toISOString()}, assertion valid from ${start.toISOString()}, expiry time of assertion ${expiry.toISOString()}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
  };
}

function read(assertion: string): Claims | undefined {
  const [, body, signature] = assertion.split('.');
  if (body === undefined || signature === undefined) return undefined;
  try {
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as unknown;
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : undefined;
  } catch {
    return undefined;
  }
}
