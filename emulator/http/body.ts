import type { IncomingMessage } from 'node:http';

import { mfeFault } from './fault.js';
import { invalidFields } from './invalid.js';

const LIMIT_BYTES = 16 * 1024 * 1024;

/** A body: as sent, and read (JSON as a value, a form as an object of its fields, nothing as undefined). */
export interface Body {
  text: string;
  value: unknown;
}

/**
 * Reads a request's body.
 *
 * @throws Fault 413 beyond 16 MiB, 400 when the JSON is none
 */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && length === '0') return { text: '', value: undefined };
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LIMIT_BYTES) throw mfeFault(413, { message: 'Request body too large.', inner: ['RequestTooLarge'] });
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') return { text, value: undefined };
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return { text, value: isForm ? Object.fromEntries(new URLSearchParams(text)) : parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidFields([(error as Error).message]);
  }
}
