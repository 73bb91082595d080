import { request, type Agent } from 'node:https';

/** How a request was answered; status 0 when the connection failed. */
export interface Asked {
  status: number;
  hasRetryAfter: boolean;
}

const FAILED: Asked = { status: 0, hasRetryAfter: false };

/** GETs an address and hands its body over as it comes in; resolves at its last byte and never rejects. */
export function ask(
  url: string,
  agent: Agent,
  headers: Record<string, string>,
  received: (chunk: Buffer) => void,
): Promise<Asked> {
  return new Promise((done) => {
    const sent = request(url, { agent, headers }, (response) => {
      response.on('data', received);
      response.on('error', () => done(FAILED));
      response.on('end', () =>
        done({
          status: response.statusCode ?? 0,
          hasRetryAfter: response.headers['retry-after'] !== undefined,
        }),
      );
    });
    sent.on('error', () => done(FAILED));
    sent.end();
  });
}
