import type { MessagePort, TransferListItem } from 'node:worker_threads';
import type { Files } from './files.js';

interface Request {
  readonly id: number;
  readonly method: string;
  readonly words: readonly unknown[];
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: Error;
}

export type Methods = Readonly<Record<string, (...words: never[]) => Promise<unknown>>>;

/**
 * Answers what is asked over a port: the side that holds connections and credentials, and whose event loop stays free.
 * @param onFailure hears of every failure as it was thrown here
 */
export function serveOverPort(port: MessagePort, methods: Methods, onFailure: (failure: Error) => void): void {
  port.on('message', ({ id, method, words }: Request) => {
    const call = methods[method] as (...words: readonly unknown[]) => Promise<unknown>;
    call(...words).then(
      (value) => port.postMessage({ id, value } satisfies Reply, transferable(value)),
      (error: unknown) => {
        const failure = error instanceof Error ? error : new Error(String(error));
        onFailure(failure);
        port.postMessage({ id, failure: new Error(failure.message) } satisfies Reply);
      },
    );
  });
}

/** Asks over a port; what comes back is answered by `serveOverPort`. Errors keep their message and lose their class. */
export function askOverPort(port: MessagePort): (method: string, ...words: readonly unknown[]) => Promise<unknown> {
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (failure: Error) => void }>();
  let last = 0;
  port.on('message', ({ id, value, failure }: Reply) => {
    const asked = open.get(id);
    open.delete(id);
    if (open.size === 0) port.unref();
    if (failure === undefined) asked?.resolve(value);
    else asked?.reject(failure);
  });
  port.unref();
  return (method, ...words) =>
    new Promise((resolve, reject) => {
      open.set((last += 1), { resolve, reject });
      port.ref();
      port.postMessage({ id: last, method, words } satisfies Request);
    });
}

/** Files that somebody else holds, at the other end. @param name which of the folders served there */
export function filesOverPort(ask: ReturnType<typeof askOverPort>, name: string): Files {
  return {
    read: (path, from, to) => ask(`${name}.read`, path, from, to) as Promise<Uint8Array | null>,
    write: (path, content) => ask(`${name}.write`, path, content) as Promise<void>,
    put: (path, file) => ask(`${name}.put`, path, file) as Promise<void>,
    remove: (folder) => ask(`${name}.remove`, folder) as Promise<void>,
  };
}

/** The methods of `filesOverPort`, for `serveOverPort`. */
export function served(files: Files, name: string): Methods {
  return {
    [`${name}.read`]: (path: string, from?: number, to?: number) => files.read(path, from, to),
    [`${name}.write`]: (path: string, content: Uint8Array) => files.write(path, content),
    [`${name}.put`]: (path: string, file: string) => files.put(path, file),
    [`${name}.remove`]: (folder: string) => files.remove(folder),
  };
}

/** A buffer that is alone in its memory is handed over, not copied. */
function transferable(value: unknown): TransferListItem[] {
  const isAlone =
    value instanceof Uint8Array && value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength;
  return isAlone && value.byteLength > 0 ? [value.buffer] : [];
}
