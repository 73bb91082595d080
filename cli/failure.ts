import { type ExitCode, exitCodes } from './exit-codes.js';

/** A failure that a person may meet. The message is one clear sentence: what, which value, where, what to do. */
export class Failure extends Error {
  constructor(
    readonly exit: ExitCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** What is printed and returned for anything that was thrown. Stack traces are shown with BERTHA_DEBUG=1 only. */
export function explain(error: unknown): { code: number; text: string } {
  if (error instanceof Failure) return { code: exitCodes[error.exit].code, text: error.message };
  const server = serverFailure(error);
  if (server !== null) return { code: exitCodes[server.exit].code, text: server.message };
  return { code: exitCodes.failed.code, text: firstLine(messageOf(error)) };
}

/** The whole story of an error, causes included. */
export function trace(error: unknown): string {
  const parts: string[] = [];
  for (let current: unknown = error; current instanceof Error; current = current.cause)
    parts.push(current.stack ?? current.message);
  return parts.join('\ncaused by: ');
}

/** Temporal's client wraps gRPC failures; the status code somewhere in the chain says what happened (https://grpc.io/docs/guides/status-codes/). */
function serverFailure(error: unknown): Failure | null {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const { code, details } = current as { code?: unknown; details?: unknown };
    if (typeof code !== 'number' || typeof details !== 'string') continue;
    if (code === 14 || code === 4)
      return new Failure('noServer', `the Temporal server stopped answering (${firstLine(details)}); is it up?`);
    if (code === 16 || code === 7)
      return new Failure(
        'failed',
        `the Temporal server refused the sign-in (${firstLine(details)}); check its API key or certificate`,
      );
    return new Failure('failed', `the Temporal server refused the request: ${firstLine(details)}`);
  }
  return null;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message || error.name : String(error));
const firstLine = (text: string) => text.split('\n')[0] ?? '';
