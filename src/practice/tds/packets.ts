/** Packets: the 8-byte header, and the cutting of a byte stream into packets however it arrives in chunks. */

import { ProtocolProblem } from './protocol.ts';

export const HEADER_LENGTH = 8;
export const SMALLEST_PACKET = 512;
export const LARGEST_PACKET = 32767;

export type Packet = { readonly type: number; readonly status: number; readonly data: Buffer };

/** Header and payload in one buffer, ready for the wire. `spid` and `id` are informational; `id` counts modulo 256. */
export function framePacket(packet: Packet, spid: number, id: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_LENGTH + packet.data.length);
  bytes[0] = packet.type;
  bytes[1] = packet.status;
  bytes.writeUInt16BE(bytes.length, 2);
  bytes.writeUInt16BE(spid & 0xffff, 4);
  bytes[6] = id & 0xff;
  bytes[7] = 0;
  packet.data.copy(bytes, HEADER_LENGTH);
  return bytes;
}

/** Collects bytes and gives back whole packets. */
export class PacketCutter {
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes of the packet under way, once its header is here; before that, the header's own length. */
  #wanted = HEADER_LENGTH;

  get isBetweenPackets(): boolean {
    return this.#length === 0;
  }

  /**
   * Takes the next bytes and returns the packets that they complete.
   * Throws ProtocolProblem on a length that no packet can have.
   */
  push(bytes: Buffer): Packet[] {
    const packets: Packet[] = [];
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    while (this.#length >= this.#wanted) {
      const buffer =
        this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks);
      let at = 0;
      while (buffer.length - at >= HEADER_LENGTH) {
        const length = buffer.readUInt16BE(at + 2);
        if (length < HEADER_LENGTH || length > LARGEST_PACKET + 1) {
          throw new ProtocolProblem(`a packet of ${length} bytes`);
        }
        this.#wanted = length;
        if (buffer.length - at < length) break;
        packets.push({
          type: buffer.readUInt8(at),
          status: buffer.readUInt8(at + 1),
          data: buffer.subarray(at + HEADER_LENGTH, at + length),
        });
        at += length;
        this.#wanted = HEADER_LENGTH;
      }
      this.#length = buffer.length - at;
      this.#chunks = this.#length === 0 ? [] : [buffer.subarray(at)];
    }
    return packets;
  }
}
