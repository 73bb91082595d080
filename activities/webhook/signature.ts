import { createHmac } from 'node:crypto';

/** Bytes that a secret may have, by the specification. */
const BYTES = { least: 24, most: 64 };

/**
 * The headers of a message, as Standard Webhooks 1.0.0 has them (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md,
 * "Signature scheme"): HMAC-SHA256 over `id.timestamp.body`.
 * @param seconds when it is sent, Unix seconds
 */
export function signedHeaders(id: string, seconds: number, body: string, key: Buffer): Record<string, string> {
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}

/** The key in a secret; else a sentence that says what is wrong with it, and nothing of it. */
export function keyOf(secretEnv: string, secret: string | undefined): Buffer | string {
  if (secret === undefined || secret === '')
    return `alerts.webhook.secretEnv: the environment of this worker has no ${secretEnv}; set it to whsec_ and 32 random bytes in base64`;
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+=*)$/.exec(secret) ?? [];
  const key = Buffer.from(encoded ?? '', 'base64');
  if (key.length >= BYTES.least && key.length <= BYTES.most) return key;
  return `alerts.webhook.secretEnv: ${secretEnv} is not whsec_ and ${BYTES.least} to ${BYTES.most} bytes in base64`;
}
