/**
 * One client's connection as a stream of packets, whatever lies below it: plain TCP, TLS inside TDS packets, TLS for
 * the login alone, or TLS first (TDS 8.0). Every packet of either direction passes `options.onPacket`.
 */

import type { Socket } from 'node:net';
import { framePacket, type Packet, PacketCutter } from './packets.ts';
import { FlightWriter, HandshakeCutter } from './tls-handshake.ts';
import { openTls, RecordCutter, type TlsContexts, type TlsLayer } from './tls-layer.ts';

export type WirePacket = Packet & { readonly direction: 'in' | 'out'; readonly connection: number };

/** What becomes of a packet: it goes on, it is lost, or the connection is torn down in its place. */
export type PacketVerdict = 'pass' | 'drop' | 'reset';

export type LinkOptions = {
  /** Undefined: this server has no TLS. */
  readonly tls: TlsContexts | undefined;
  readonly onPacket: ((packet: WirePacket) => PacketVerdict) | undefined;
  /** Told what broke the connection; ordinary ends are not told. */
  onProblem(problem: Error): void;
};

/** Bytes of waiting packets above which the socket is not read. */
const QUEUE_LIMIT = 1 << 18;

/** The most that one TLS record carries, RFC 8446 5.1. */
const LARGEST_RECORD = 1 << 14;

/** Where incoming bytes go. */
type Input =
  /** Packets in clear. */
  | 'plain'
  /** TLS records within PRELOGIN packets, until the first bare record. */
  | 'handshake'
  /** Bare TLS records. */
  | 'tls'
  /** Bare TLS records for the login packet, then packets in clear. */
  | 'tls-for-login';

export class Link {
  readonly id: number;
  /** Shown in packet headers; the session's number once there is one. */
  spid = 0;
  readonly #socket: Socket;
  readonly #options: LinkOptions;
  #input: Input = 'plain';
  #isFirstByte = true;
  #isStrict = false;
  #afterHandshake: 'tls' | 'tls-for-login' = 'tls';
  #tls: TlsLayer | undefined;
  /** Responses go through TLS. */
  #isOutputEncrypted = false;
  #cutter = new PacketCutter();
  #clearCutter = new PacketCutter();
  readonly #records = new RecordCutter();
  readonly #handshake = new HandshakeCutter();
  readonly #flight: FlightWriter;
  #packets: Packet[] = [];
  #queued = 0;
  #waiting: ((packet: Packet | undefined) => void) | undefined;
  #watcher: ((packet: Packet | undefined) => void) | undefined;
  #isClosed = false;
  #packetId = 0;

  constructor(socket: Socket, id: number, options: LinkOptions) {
    this.#socket = socket;
    this.id = id;
    this.#options = options;
    this.#flight = new FlightWriter((bytes) => socket.write(bytes));
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#guarded(() => this.#receive(bytes)));
    // A connection that breaks is an ordinary end here: 'close' follows and says it to whoever waits.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#close());
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The client began with TLS, before any packet. */
  get isStrict(): boolean {
    return this.#isStrict;
  }

  /** The next packet; undefined when the connection has ended. One caller at a time. */
  next(): Promise<Packet | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    const packet = this.#packets.shift();
    if (packet) {
      this.#queued -= packet.data.length;
      if (this.#queued < QUEUE_LIMIT) this.#resume();
      return Promise.resolve(packet);
    }
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /**
   * Calls `seen` with the packet that is next (it stays in the queue), as soon as there is one, and with undefined when
   * the connection ends, also when packets still wait. Returns how to stop watching.
   */
  watch(seen: (packet: Packet | undefined) => void): () => void {
    const first = this.#packets[0];
    if (this.#isClosed || first) seen(first);
    this.#watcher = seen;
    return () => {
      if (this.#watcher === seen) this.#watcher = undefined;
    };
  }

  /** Sends one packet. */
  send(type: number, status: number, data: Buffer): void {
    if (this.#isClosed) return;
    const packet = { type, status, data };
    const verdict = this.#options.onPacket?.({ ...packet, direction: 'out', connection: this.id }) ?? 'pass';
    if (verdict === 'reset') this.destroy();
    if (verdict !== 'pass') return;
    this.#packetId = (this.#packetId + 1) & 0xff;
    this.#output.write(framePacket(packet, this.spid, this.#packetId));
  }

  /**
   * The packet size that was agreed on. Each full packet then has a TLS record of its own, as SQL Server sends them:
   * Microsoft.Data.SqlClient 6.1 loses its place in large values when records end within packets.
   */
  agreeOnPacketSize(size: number): void {
    if (size <= LARGEST_RECORD) this.#tls?.clear.setMaxSendFragment(size);
  }

  /** Runs `body`, which sends several packets, so that they leave together. */
  together(body: () => void): void {
    const output = this.#output;
    output.cork();
    try {
      body();
    } finally {
      output.uncork();
    }
  }

  /** The client reads more slowly than we send. */
  get isFull(): boolean {
    return !this.#isClosed && this.#output.writableNeedDrain;
  }

  /** Resolves when there is room again, when the connection ends, or on `signal`. Never rejects. */
  drained(signal: AbortSignal): Promise<void> {
    const output = this.#output;
    const socket = this.#socket;
    return new Promise((resolve) => {
      const done = (): void => {
        output.off('drain', done);
        socket.off('close', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      output.on('drain', done);
      socket.on('close', done);
      signal.addEventListener('abort', done);
      if (!this.isFull || signal.aborted) done();
    });
  }

  get #output() {
    return this.#isOutputEncrypted && this.#tls ? this.#tls.clear : this.#socket;
  }

  /** From now on the client speaks TLS inside PRELOGIN packets, then bare: for its login alone or to the end. */
  expectTls(scope: 'login' | 'all'): void {
    if (!this.#options.tls) throw new Error('TLS was agreed on, but this server has none');
    this.#afterHandshake = scope === 'login' ? 'tls-for-login' : 'tls';
    this.#input = 'handshake';
    this.#isOutputEncrypted = true;
    this.#openTls(false);
  }

  /** The login packet is here: answers go in clear from now on, where TLS was for the login alone. */
  endLoginTls(): void {
    if (this.#afterHandshake === 'tls-for-login') this.#isOutputEncrypted = false;
  }

  /** Closes once everything sent has left. */
  end(): void {
    if (this.#isOutputEncrypted && this.#tls) this.#tls.clear.end();
    else this.#socket.end();
  }

  /** Tears the connection down. */
  destroy(problem?: Error): void {
    if (problem && !this.#isClosed) this.#options.onProblem(problem);
    this.#socket.destroy();
  }

  #guarded(body: () => void): void {
    try {
      body();
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #receive(bytes: Buffer): void {
    if (this.#isFirstByte) {
      this.#isFirstByte = false;
      if (bytes[0] === 0x16 && this.#options.tls) {
        this.#isStrict = true;
        this.#input = 'tls';
        this.#isOutputEncrypted = true;
        this.#openTls(true);
      }
    }
    switch (this.#input) {
      case 'plain':
        this.#accept(this.#cutter.push(bytes));
        return;
      case 'handshake':
        this.#receiveHandshake(bytes);
        return;
      case 'tls':
        this.#tls?.encrypted.write(bytes);
        return;
      case 'tls-for-login': {
        const { records, plain } = this.#records.push(bytes);
        if (records.length > 0) this.#tls?.encrypted.write(records);
        if (plain) {
          this.#input = 'plain';
          this.#accept(this.#cutter.push(plain));
        }
      }
    }
  }

  #receiveHandshake(bytes: Buffer): void {
    const { records, bare } = this.#handshake.push(bytes);
    if (records.length > 0) this.#tls?.encrypted.write(records);
    if (bare) {
      this.#input = this.#afterHandshake;
      this.#receive(bare);
    }
  }

  #openTls(isStrict: boolean): void {
    const contexts = this.#options.tls;
    if (!contexts) return;
    const tls = openTls(isStrict ? contexts.strict : contexts.insideTds, isStrict);
    this.#tls = tls;
    tls.clear.on('data', (bytes: Buffer) => this.#guarded(() => this.#accept(this.#clearCutter.push(bytes))));
    tls.clear.on('error', (error) => {
      // The alert that says why is on its way to the client: let it leave before the connection ends.
      this.#options.onProblem(error);
      setImmediate(() => {
        this.#flight.flush();
        this.#socket.end();
      });
    });
    tls.encrypted.on('data', (bytes: Buffer) => this.#sendRecords(bytes));
    tls.encrypted.on('end', () => this.#socket.end());
    tls.encrypted.on('error', () => this.#socket.destroy());
  }

  #sendRecords(bytes: Buffer): void {
    if (this.#input === 'handshake') {
      // Node tells 'secure' before the server's last records are written, so wrapping ends only with the client's
      // first bare record.
      this.#flight.add(bytes);
      return;
    }
    const encrypted = this.#tls?.encrypted;
    if (!this.#socket.write(bytes) && encrypted) {
      encrypted.pause();
      this.#socket.once('drain', () => encrypted.resume());
    }
  }

  #accept(packets: readonly Packet[]): void {
    for (const packet of packets) {
      const verdict = this.#options.onPacket?.({ ...packet, direction: 'in', connection: this.id }) ?? 'pass';
      if (verdict === 'reset') this.destroy();
      if (verdict === 'pass') this.#enqueue(packet);
    }
  }

  #enqueue(packet: Packet): void {
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      waiting(packet);
      return;
    }
    this.#packets.push(packet);
    this.#queued += packet.data.length;
    if (this.#queued >= QUEUE_LIMIT) this.#pause();
    if (this.#packets.length === 1) this.#watcher?.(packet);
  }

  #pause(): void {
    this.#socket.pause();
    this.#tls?.clear.pause();
  }

  #resume(): void {
    if (this.#socket.isPaused()) this.#socket.resume();
    if (this.#tls?.clear.isPaused()) this.#tls.clear.resume();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#tls?.clear.destroy();
    this.#tls?.encrypted.destroy();
    this.#packets = [];
    const waiting = this.#waiting;
    const watcher = this.#watcher;
    this.#waiting = undefined;
    this.#watcher = undefined;
    waiting?.(undefined);
    watcher?.(undefined);
  }
}
