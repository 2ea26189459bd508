/** A bulk load as it streams in: COLMETADATA, rows, DONE, in one message of any length ([MS-TDS] 2.2.6.1). */

import type { ResultColumn, Row, Value } from '../engine/types.ts';
import { ByteReader, OutOfBytes } from './byte-reader.ts';
import type { Link } from './link.ts';
import type { Packet } from './packets.ts';
import { type Dialect, ProtocolProblem, STATUS, TOKEN } from './protocol.ts';
import { readTypeInfo, type WireType } from './values/read.ts';

/** The client ended the connection, or took the load back, before its last row. */
export class BulkInterrupted extends Error {}

type Column = ResultColumn & { readonly wire: WireType };

/**
 * Reads packets only as rows are asked for, so a slow engine slows the client down. `onComplete` is called once the
 * whole message is here: from then on the next packet may be an attention.
 */
export class BulkLoad {
  readonly #link: Link;
  readonly #dialect: Dialect;
  readonly #onComplete: () => void;
  #reader: ByteReader;
  #isComplete = false;
  #isIgnored = false;
  #isGone = false;
  #problem: unknown;
  #columns: readonly Column[] = [];

  constructor(link: Link, dialect: Dialect, first: Packet, onComplete: () => void) {
    this.#link = link;
    this.#dialect = dialect;
    this.#onComplete = onComplete;
    this.#reader = new ByteReader(first.data);
    this.#notice(first);
  }

  /** The client took the load back before it was complete. */
  get isIgnored(): boolean {
    return this.#isIgnored;
  }

  /** What ended the rows before their end; undefined when nothing did. */
  get problem(): unknown {
    return this.#problem;
  }

  #notice(packet: Packet): void {
    if (!(packet.status & STATUS.endOfMessage)) return;
    this.#isComplete = true;
    this.#isIgnored = (packet.status & STATUS.ignore) !== 0;
    this.#onComplete();
  }

  /** Reads on until at least `wanted` bytes from where the reader stands are there, or the message is complete. */
  async #fill(wanted: number): Promise<void> {
    const parts = [this.#reader.buffer.subarray(this.#reader.at)];
    let length = this.#reader.remaining;
    while (length < wanted && !this.#isComplete) {
      const packet = await this.#link.next();
      if (packet === undefined) {
        this.#isGone = true;
        throw new BulkInterrupted('the client has gone during a bulk load');
      }
      parts.push(packet.data);
      length += packet.data.length;
      this.#notice(packet);
    }
    if (this.#isIgnored) throw new BulkInterrupted('the client took the bulk load back');
    this.#reader = new ByteReader(Buffer.concat(parts, length));
  }

  /** Runs `read`; when the bytes do not suffice, waits for more and runs it again from the same place. */
  async #whole<T>(read: (reader: ByteReader) => T): Promise<T> {
    for (;;) {
      const start = this.#reader.at;
      try {
        return read(this.#reader);
      } catch (error) {
        if (!(error instanceof OutOfBytes)) throw error;
        if (this.#isComplete) throw new ProtocolProblem('a bulk load that ends within a row');
        this.#reader.at = start;
        // At least twice as much as there was: a long value in small pieces is not read over and over.
        await this.#fill(Math.max(error.wanted - start, this.#reader.remaining * 2));
      }
    }
  }

  async columns(): Promise<readonly ResultColumn[]> {
    this.#columns = await this.#whole((reader) => this.#readColumns(reader));
    return this.#columns.map(({ name, type, isNullable }) => ({ name, type, isNullable }));
  }

  #readColumns(reader: ByteReader): readonly Column[] {
    if (reader.uint8() !== TOKEN.columns)
      throw new ProtocolProblem('a bulk load that does not begin with its columns');
    const columns: Column[] = [];
    for (let count = reader.uint16(); count > 0; count--) {
      reader.take(this.#dialect.hasMaxTypes ? 4 : 2); // user type
      const flags = reader.uint16();
      const wire = readTypeInfo(reader, true);
      // The table's name; clients send it here in one part, unlike servers.
      if (wire.isLegacyText) reader.text();
      columns.push({ name: reader.shortText(), type: wire.type, isNullable: (flags & 1) !== 0, wire });
    }
    return columns;
  }

  /** Undefined at the end: a DONE, or the message's end between two rows, which is how FreeTDS ends its loads. */
  #readRow(reader: ByteReader): Row | undefined {
    if (reader.remaining === 0 && this.#isComplete) return undefined;
    const token = reader.uint8();
    if (token === TOKEN.row) return this.#columns.map((column) => column.wire.read(reader));
    if (token === TOKEN.nullCompressedRow) return this.#readCompressedRow(reader);
    if (token !== TOKEN.done) throw new ProtocolProblem(`the token 0x${token.toString(16)} in a bulk load`);
    // What a DONE says does not matter here, nor its length: SqlBulkCopy sends a row count of 4 bytes to any server.
    return undefined;
  }

  /** A bit per column says which are NULL and left out. */
  #readCompressedRow(reader: ByteReader): Row {
    const nulls = reader.bytes((this.#columns.length + 7) >> 3);
    return this.#columns.map((column, index): Value => {
      const isNull = (nulls.readUInt8(index >> 3) & (1 << (index & 7))) !== 0;
      return isNull ? null : column.wire.read(reader);
    });
  }

  /**
   * The rows. Rejects with BulkInterrupted when the client gives up, with ProtocolProblem on what is no row; either
   * way `onProblem` is called before, and `problem` says what it was.
   */
  async *rows(onProblem: () => void): AsyncGenerator<Row, void, undefined> {
    for (;;) {
      const { row } = this.#rowAtHand(onProblem) ?? (await this.#nextRow(onProblem));
      if (row === undefined) return;
      yield row;
    }
  }

  async #nextRow(onProblem: () => void): Promise<{ readonly row: Row | undefined }> {
    try {
      return { row: await this.#whole((reader) => this.#readRow(reader)) };
    } catch (error) {
      this.#problem = error;
      onProblem();
      throw error;
    }
  }

  /** The next row when its bytes are all here: no turn of the event loop for it. */
  #rowAtHand(onProblem: () => void): { readonly row: Row | undefined } | undefined {
    const start = this.#reader.at;
    try {
      return { row: this.#readRow(this.#reader) };
    } catch (error) {
      if (error instanceof OutOfBytes) {
        this.#reader.at = start;
        return undefined;
      }
      this.#problem = error;
      onProblem();
      throw error;
    }
  }

  /** Throws away what the engine did not read, up to the message's end. */
  async skipRest(): Promise<void> {
    this.#reader = new ByteReader(Buffer.alloc(0));
    while (!this.#isComplete && !this.#isGone) {
      const packet = await this.#link.next();
      if (packet === undefined) this.#isGone = true;
      else this.#notice(packet);
    }
  }
}
