import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * A line to a server that can be cut after any number of bytes, in the middle of whatever goes over it; or fall silent
 * there: the client has given up waiting, and the server has not noticed.
 */
export class CuttingProxy {
  /** As clients write it. */
  readonly server: string;
  readonly #close: () => Promise<void>;
  #left = Number.POSITIVE_INFINITY;
  #end: 'cut' | 'silence' = 'cut';
  /** The server's ends of silent connections, in the order in which they fell silent. */
  #ends: Socket[] = [];
  /** How many of them it has had for long. */
  #old = 0;

  private constructor(server: string, close: () => Promise<void>) {
    this.server = server;
    this.#close = close;
  }

  static async open(port: number): Promise<CuttingProxy> {
    const sockets = new Set<Socket>();
    const listener = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      let isSilent = false;
      const cut = () => {
        near.destroy();
        if (!isSilent) far.destroy();
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
          if (isSilent) return;
          const passing = proxy.#take(bytes.length);
          if (passing > 0) to.write(bytes.subarray(0, passing));
          if (passing === bytes.length) return;
          isSilent = proxy.#end === 'silence';
          if (isSilent) proxy.#ends.push(far);
          cut();
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
    this.#end = 'cut';
  }

  /** The same, and the server keeps its end: the session, its locks, and the work that it was given. */
  silenceAfter(bytes: number): void {
    this.#left = bytes;
    this.#end = 'silence';
  }

  /** Whether the server believes in connections that are none any more. */
  get hasOpenEnds(): boolean {
    return this.#ends.some(({ destroyed }) => !destroyed);
  }

  /** Time goes by: the server gives up the ends that it had already when this was called the last time. */
  age(): void {
    for (const end of this.#ends.splice(0, this.#old)) end.destroy();
    this.#old = this.#ends.length;
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
