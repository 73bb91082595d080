import { request, type Agent } from 'node:https';

/** An answer with its body; status 0 when the connection failed. */
export interface Asked {
  status: number;
  hasRetryAfter: boolean;
  body: Buffer;
}

const NOTHING: Asked = { status: 0, hasRetryAfter: false, body: Buffer.alloc(0) };

/** GETs an address; never rejects. */
export function ask(url: string, agent: Agent, headers: Record<string, string>): Promise<Asked> {
  return new Promise((done) => {
    const sent = request(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => done(NOTHING));
      response.on('end', () =>
        done({
          status: response.statusCode ?? 0,
          hasRetryAfter: response.headers['retry-after'] !== undefined,
          body: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks),
        }),
      );
    });
    sent.on('error', () => done(NOTHING));
    sent.end();
  });
}
