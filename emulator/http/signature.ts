import { createHash, createHmac, randomBytes } from 'node:crypto';

import { speaksSince } from '../versions/since.js';
import type { Call } from './route.js';

const TICKS_AT_1970 = 621_355_968_000_000_000n;
const CERTIFICATE_BYTES = 1400;
const KEY = randomBytes(32);

/**
 * The signature that the addresses of operations carry since 2024: `&t=..&c=..&s=..&h=..`, over two thousand characters of
 * no meaning to a client, who is to follow the address as it is. Empty for api-versions that were recorded without.
 */
export function operationSignature(call: Call, id: string): string {
  if (!speaksSince(call, '2023-08')) return '';
  const time = TICKS_AT_1970 + BigInt(call.world.clock.now().getTime()) * 10_000n;
  const certificate = createHash('shake256', { outputLength: CERTIFICATE_BYTES })
    .update('certificate')
    .digest('base64url');
  const signature = createHash('shake256', { outputLength: 256 }).update(KEY).update(id).digest('base64url');
  const hash = createHmac('sha256', KEY).update(id).digest('base64url');
  return `&t=${time}&c=${certificate}&s=${signature}&h=${hash}`;
}
