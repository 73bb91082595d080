import { readFileSync } from 'node:fs';
import { request } from 'node:https';

/**
 * Asks a running emulator.
 *
 * @param ca its ca.pem; without it the certificate of this loopback service is not checked
 * @throws Error with a sentence where nobody answers
 */
export function post(url: URL, text: string, ca: string | undefined): Promise<{ status: number; text: string }> {
  const trust = ca === undefined ? { rejectUnauthorized: false } : { ca: readFileSync(ca) };
  return new Promise((done, failed) => {
    const call = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json' }, ...trust },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => done({ status: response.statusCode ?? 0, text: body }));
      },
    );
    call.once('error', (error) =>
      failed(new Error(`No emulator answers at ${url.origin}: ${error.message}`, { cause: error })),
    );
    call.end(text);
  });
}
