import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/** A way to the storage that can be shut: bytes pass as they are, TLS included, or nothing passes at all. */
export interface Switch {
  readonly port: number;
  shut(isShut: boolean): void;
  close(): Promise<void>;
}

/** Opens a port on loopback that leads to another one. */
export async function openSwitch(to: number): Promise<Switch> {
  const sockets = new Set<Socket>();
  let isShut = false;
  const server = createServer((near) => {
    if (isShut) return void near.destroy();
    const far = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    shut(wanted) {
      isShut = wanted;
      if (wanted) cutAll();
    },
    async close() {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
