import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { Stack } from '../../stack/stack.js';
import { Failure } from '../failure.js';

/** Tells the emulator of a stack to do something (emulator/README.md, `/_emulator/...`). @throws Failure with its own sentence where it refuses */
export async function tellEmulator(stack: Stack, path: string, body: unknown): Promise<void> {
  const { status, text } = await post(stack, path, JSON.stringify(body));
  if (status >= 300) throw new Failure('failed', `the emulator refused ${path}: ${sentenceIn(text)}`);
}

function post({ azureMlUrl, places }: Stack, path: string, body: string): Promise<{ status: number; text: string }> {
  const ca = readFileSync(`${places.tls}/ca.pem`, 'utf8');
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const call = request(`${azureMlUrl}/_emulator/${path}`, { method: 'POST', ca, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    call.on('error', (cause) =>
      reject(new Failure('failed', `the emulator does not answer: ${cause.message}`, { cause })),
    );
    call.end(body);
  });
}

function sentenceIn(text: string): string {
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message ?? text;
  } catch {
    return text;
  }
}
