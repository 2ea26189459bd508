/** Messages: packets up to the one that ends them, and the cutting of a response into packets. */

import { ByteWriter } from './byte-writer.ts';
import type { Link } from './link.ts';
import { HEADER_LENGTH, type Packet } from './packets.ts';
import { PACKET, ProtocolProblem, STATUS } from './protocol.ts';

export type RequestMessage = {
  readonly type: number;
  readonly data: Buffer;
  /** The client took the request back before it was complete; it awaits a single DONE. */
  readonly isIgnored: boolean;
  /** The session is to be reset before the request; `keep` leaves the open transaction alone. */
  readonly reset: 'no' | 'yes' | 'keep-transaction';
};

export function resetOf(packet: Packet): RequestMessage['reset'] {
  if (packet.status & STATUS.reset) return 'yes';
  return packet.status & STATUS.resetKeepTransaction ? 'keep-transaction' : 'no';
}

/**
 * Reads the rest of the message that `first` begins; undefined when the connection ends before.
 * Throws ProtocolProblem when it is longer than `limit` bytes.
 */
export async function readMessage(
  link: Link,
  first: Packet,
  limit = Number.POSITIVE_INFINITY,
): Promise<RequestMessage | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for (let packet: Packet | undefined = first; ; packet = await link.next()) {
    if (packet === undefined) return undefined;
    if (packet.type !== first.type)
      throw new ProtocolProblem(`a packet of type ${packet.type} within a message of type ${first.type}`);
    parts.push(packet.data);
    length += packet.data.length;
    if (length > limit) throw new ProtocolProblem(`a message of more than ${limit} bytes`);
    if (packet.status & STATUS.endOfMessage) {
      const data = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
      return {
        type: first.type,
        data,
        isIgnored: (packet.status & STATUS.ignore) !== 0,
        reset: resetOf(first),
      };
    }
  }
}

/** Bytes of a response above which full packets leave while it is still being written. */
const FLUSH_ABOVE = 1 << 15;

/** One response message. Tokens are written to `out`; packets leave as they fill. */
export class ResponseMessage {
  readonly out = new ByteWriter();
  readonly #link: Link;
  readonly #payload: number;
  #isFlushPlanned = false;
  #isFinished = false;

  constructor(link: Link, packetSize: number) {
    this.#link = link;
    this.#payload = packetSize - HEADER_LENGTH;
  }

  /** Sends full packets when enough is waiting. A promise when the client is slower than we are. */
  flushWhenLong(signal: AbortSignal): void | Promise<void> {
    if (this.out.length < FLUSH_ABOVE) return;
    // One packet's worth stays: the last packet of a message must say so, and must exist.
    this.#link.together(() => this.#sendFull());
    if (this.#link.isFull) return this.#link.drained(signal);
  }

  /** Sends what there is soon, in a packet that may be short: a message that the user should see while the statement runs. */
  flushSoon(): void {
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    setImmediate(() => {
      this.#isFlushPlanned = false;
      if (this.#isFinished || this.out.length === 0) return;
      this.#link.together(() => {
        this.#sendFull();
        this.#link.send(PACKET.response, 0, this.out.shiftAll());
      });
    });
  }

  /** Sends the rest and ends the message. */
  finish(): void {
    this.#isFinished = true;
    this.#link.together(() => {
      this.#sendFull();
      this.#link.send(PACKET.response, STATUS.endOfMessage, this.out.shiftAll());
    });
  }

  #sendFull(): void {
    while (this.out.length > this.#payload)
      this.#link.send(PACKET.response, 0, this.out.shift(this.#payload));
  }
}
