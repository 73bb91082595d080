import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Servers on loopback that are opened and closed together, with the tunnels that were handed to them. */
export class Servers {
  private readonly listening: Server[] = [];
  private readonly tunnels = new Set<Duplex>();

  /**
   * Lets a server listen on 127.0.0.1.
   *
   * @param port 0 for a free one
   * @param flag the option that the port came from, for the message
   * @returns `127.0.0.1:PORT`
   * @throws Error with a sentence for a port in use
   */
  async open(server: Server, port: number, flag: string): Promise<string> {
    await new Promise<void>((done, failed) => {
      server.once('error', (error: NodeJS.ErrnoException) => failed(inWords(error, port, flag)));
      server.listen(port, '127.0.0.1', done);
    });
    this.listening.push(server);
    const address = server.address();
    return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
  }

  /** Hands a connection that came by another way to a server that does not listen itself. */
  adopt(server: Server, socket: Duplex): void {
    this.tunnels.add(socket);
    socket.once('close', () => this.tunnels.delete(socket));
    server.emit('connection', socket);
  }

  /** Cuts every connection and stops listening. */
  async close(): Promise<void> {
    const closed = this.listening.map((server) => new Promise<void>((done) => server.close(() => done())));
    for (const server of this.listening) server.closeAllConnections();
    for (const socket of this.tunnels) socket.destroy();
    await Promise.all(closed);
  }
}

function inWords(error: NodeJS.ErrnoException, port: number, flag: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new Error(`Port ${port} is in use; choose another with ${flag}, or 0 for a free one.`);
  }
  if (error.code === 'EACCES')
    return new Error(`Port ${port} of ${flag} may be opened by root only; choose one from 1024.`);
  return error;
}
