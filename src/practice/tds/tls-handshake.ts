/** The TLS handshake inside TDS: records travel in PRELOGIN packets until the client sends its first bare record. */

import { framePacket, HEADER_LENGTH } from './packets.ts';
import { PACKET, ProtocolProblem, STATUS } from './protocol.ts';
import { isTlsRecord } from './tls-layer.ts';

/** Payload of one packet of the handshake: the packet size before a login. */
const PAYLOAD = 4096 - HEADER_LENGTH;

/** Takes the client's records out of their packets. */
export class HandshakeCutter {
  #rest: Buffer = Buffer.alloc(0);

  /**
   * The records of the packets that these bytes complete, and what follows once records come bare. One packet after
   * the other, because bare records may follow the last one in the same chunk. The first byte tells them apart: a
   * PRELOGIN packet begins with 0x12, TLS records with 0x14 to 0x17. Throws ProtocolProblem on anything else.
   */
  push(bytes: Buffer): { readonly records: Buffer; readonly bare: Buffer | undefined } {
    const buffer = Buffer.concat([this.#rest, bytes]);
    const payloads: Buffer[] = [];
    let at = 0;
    while (at < buffer.length) {
      const first = buffer.readUInt8(at);
      if (isTlsRecord(first)) return { records: Buffer.concat(payloads), bare: buffer.subarray(at) };
      if (first !== PACKET.prelogin)
        throw new ProtocolProblem(`a packet of type ${first} instead of a TLS handshake`);
      if (buffer.length - at < HEADER_LENGTH) break;
      const length = buffer.readUInt16BE(at + 2);
      if (length < HEADER_LENGTH) throw new ProtocolProblem(`a packet of ${length} bytes`);
      if (buffer.length - at < length) break;
      payloads.push(buffer.subarray(at + HEADER_LENGTH, at + length));
      at += length;
    }
    this.#rest = buffer.subarray(at);
    return { records: Buffer.concat(payloads), bare: undefined };
  }
}

/** Gathers the server's records: those of one flight go into one message, because clients await one answer for each of theirs. */
export class FlightWriter {
  readonly #write: (bytes: Buffer) => void;
  #records: Buffer[] = [];

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
  }

  add(records: Buffer): void {
    if (this.#records.length === 0) setImmediate(() => this.flush());
    this.#records.push(records);
  }

  flush(): void {
    const flight = Buffer.concat(this.#records);
    this.#records = [];
    for (let at = 0; at < flight.length; at += PAYLOAD) {
      const data = flight.subarray(at, at + PAYLOAD);
      const status = at + PAYLOAD >= flight.length ? STATUS.endOfMessage : 0;
      this.#write(framePacket({ type: PACKET.prelogin, status, data }, 0, 0));
    }
  }
}
