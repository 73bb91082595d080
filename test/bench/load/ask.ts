import { request, type Agent } from 'node:https';

/** How a request was answered; status 0 when the connection failed. */
export interface Asked {
  status: number;
  hasRetryAfter: boolean;
  /** Why the connection failed; null for an answer. */
  failure: string | null;
}

/** GETs an address and hands its body over as it comes in; resolves at its last byte and never rejects. */
export function ask(
  url: string,
  agent: Agent,
  headers: Record<string, string>,
  received: (chunk: Buffer) => void,
): Promise<Asked> {
  return new Promise((done) => {
    const failed = ({ code, message }: NodeJS.ErrnoException): void =>
      done({ status: 0, hasRetryAfter: false, failure: code ?? message });
    const sent = request(url, { agent, headers }, (response) => {
      response.on('data', received);
      response.on('error', failed);
      response.on('end', () =>
        done({
          status: response.statusCode ?? 0,
          hasRetryAfter: response.headers['retry-after'] !== undefined,
          failure: null,
        }),
      );
    });
    sent.on('error', failed);
    sent.end();
  });
}
