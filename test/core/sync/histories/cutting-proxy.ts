import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a server that can be cut after any number of bytes, in the middle of whatever goes over it. */
export class CuttingProxy {
  /** As clients write it. */
  readonly server: string;
  readonly #close: () => Promise<void>;
  #left = Number.POSITIVE_INFINITY;

  private constructor(server: string, close: () => Promise<void>) {
    this.server = server;
    this.#close = close;
  }

  static async open(port: number): Promise<CuttingProxy> {
    const sockets = new Set<Socket>();
    const listener = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      const cut = () => {
        near.destroy();
        far.destroy();
      };
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.on('close', () => {
          sockets.delete(from);
          cut();
        });
        from.on('error', cut);
        from.on('data', (bytes: Buffer) => {
          const passing = proxy.#take(bytes.length);
          if (passing > 0) to.write(bytes.subarray(0, passing));
          if (passing < bytes.length) cut();
        });
      }
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port: own } = listener.address() as AddressInfo;
    const proxy = new CuttingProxy(`127.0.0.1,${own}`, async () => {
      for (const socket of sockets) socket.destroy();
      const closed = once(listener, 'close');
      listener.close();
      await closed;
    });
    return proxy;
  }

  /** The connection over which the byte after these goes is cut there; the others stay. */
  cutAfter(bytes: number): void {
    this.#left = bytes;
  }

  mend(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** How many of the bytes go through. One cut is one cut: afterwards the line is whole again. */
  #take(bytes: number): number {
    if (bytes <= this.#left) {
      this.#left -= bytes;
      return bytes;
    }
    const passing = this.#left;
    this.mend();
    return passing;
  }
}
