import { createPrivateKey, createPublicKey, createSign, createVerify, generateKeyPairSync } from 'node:crypto';

/** Claims of an access token. */
export type Claims = Record<string, string | number>;

/** Signs and checks tokens with one RSA key, which lives as long as the state folder. */
export interface Signer {
  /** The private key, for the state folder. */
  readonly pem: string;
  sign(claims: Claims): string;
  /** The claims of a token of ours; undefined when it is not a token or the signature is another's. */
  read(token: string): Claims | undefined;
  /** The public half as a JSON web key set. */
  keys(): { keys: object[] };
}

const KEY_ID = 'azureml-emulator';
const REMEMBERED = 1000;

/** @param pem the key of an earlier start; a new one is made without it */
export function createSigner(pem?: string): Signer {
  const privateKey =
    pem === undefined ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey : createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  // A signature that was good stays good; whether the token has expired is asked anew at every request.
  const verified = new Map<string, Claims>();
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    sign(claims) {
      const text = `${encode({ typ: 'JWT', alg: 'RS256', kid: KEY_ID })}.${encode(claims)}`;
      return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
    },
    read(token) {
      const known = verified.get(token);
      if (known !== undefined) return known;
      const [header, body, signature] = token.split('.');
      if (header === undefined || body === undefined || signature === undefined) return undefined;
      const ours = createVerify('RSA-SHA256').update(`${header}.${body}`).verify(publicKey, signature, 'base64url');
      if (!ours) return undefined;
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims;
      if (verified.size >= REMEMBERED) verified.clear();
      verified.set(token, claims);
      return claims;
    },
    keys: () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: KEY_ID }] }),
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
