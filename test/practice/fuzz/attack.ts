/** Sends one hostile stream to the server and watches that the connection comes to a definite end. */

import { connect } from 'node:net';
import { checkReply } from './reply.ts';

const packet = (type: number, data: Buffer): Buffer => {
  const header = Buffer.from([type, 1, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(data.length + 8, 2);
  return Buffer.concat([header, data]);
};

/** What follows every stream: a batch (which an attention may stop), an attention, and after a while zeros. */
const after = Buffer.concat([
  packet(
    0x01,
    Buffer.concat([
      Buffer.from('16000000120000000200000000000000000001000000', 'hex'),
      Buffer.from('print 1', 'utf16le'),
    ]),
  ),
  packet(0x06, Buffer.alloc(0)),
]);
/** Completes whatever packet the server may wait for, and then is none. */
const zeros = Buffer.alloc(70_000);
/** Milliseconds without an answer after which the zeros go out: the server may rightly wait for the rest of a packet. */
const QUIET = 150;
/** A connection that has not ended by then hangs. */
const LIMIT = 15_000;

/** Undefined when all is well, else what was wrong. Never rejects. */
export const attack = (port: number, bytes: Buffer, random: () => number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const reader = new Replies();
    let problem: string | undefined;
    let hasZeros = false;
    const hang = setTimeout(() => {
      problem ??= `no end after ${LIMIT / 1000} s`;
      socket.destroy();
    }, LIMIT);
    const nudge = (): void => {
      if (hasZeros) return;
      hasZeros = true;
      socket.write(zeros);
    };
    let quiet = setTimeout(nudge, QUIET);
    socket.on('connect', () => {
      // In two pieces, cut anywhere: packets do not come as they were sent.
      const cut = Math.floor(random() * bytes.length);
      socket.write(bytes.subarray(0, cut));
      setImmediate(() => {
        if (socket.writable) socket.write(Buffer.concat([bytes.subarray(cut), after]));
      });
    });
    socket.on('data', (data: Buffer) => {
      clearTimeout(quiet);
      try {
        reader.push(data);
      } catch (error) {
        problem ??= `bad reply: ${error instanceof Error ? error.message : error}`;
        socket.destroy();
        return;
      }
      if (reader.hasAttention) socket.end();
      else quiet = setTimeout(nudge, QUIET);
    });
    // A connection that the server tears down is one way to answer.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(hang);
      clearTimeout(quiet);
      resolve(problem);
    });
  });

/** Takes the server's bytes apart: packets, messages, tokens. */
class Replies {
  #waiting = Buffer.alloc(0);
  #message: Buffer[] = [];
  #isWide = true;
  /** After an agreement about encryption the bytes are TLS: no longer looked at. */
  #isEncrypted = false;
  hasAttention = false;

  push(data: Buffer): void {
    if (this.#isEncrypted) return;
    this.#waiting = Buffer.concat([this.#waiting, data]);
    while (this.#waiting.length >= 8) {
      const type = this.#waiting.readUInt8(0);
      // A TLS record: the client began with one.
      if (type === 0x15 || type === 0x16) {
        this.#isEncrypted = true;
        return;
      }
      const length = this.#waiting.readUInt16BE(2);
      if (type !== 0x04) throw new Error(`a packet of type ${type}`);
      if (length < 8 || length > 32_768) throw new Error(`a packet of ${length} bytes`);
      if (this.#waiting.length < length) return;
      this.#message.push(this.#waiting.subarray(8, length));
      const isEnd = (this.#waiting.readUInt8(1) & 1) !== 0;
      this.#waiting = this.#waiting.subarray(length);
      if (!isEnd) continue;
      const message = Buffer.concat(this.#message);
      this.#message = [];
      this.#check(message);
    }
  }

  #check(message: Buffer): void {
    if (message.length > 0 && message.readUInt8(0) < 0x10) {
      // PRELOGIN's answer: is the rest encrypted?
      for (let at = 0; at + 5 <= message.length && message[at] !== 0xff; at += 5)
        if (message[at] === 1) {
          const option = message[message.readUInt16BE(at + 1)];
          if (option !== 2) this.#isEncrypted = true;
        }
      return;
    }
    const facts = checkReply(message, this.#isWide);
    this.#isWide = facts.isWide;
    if (facts.hasAttention) this.hasAttention = true;
    const bug = facts.errors.find(({ number }) => number === 50199);
    if (bug !== undefined) throw new Error(bug.text);
  }
}
