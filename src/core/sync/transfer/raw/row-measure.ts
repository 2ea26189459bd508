import type { ColumnMetadata } from 'tedious/lib/token/colmetadata-token-parser.js';
import { NotEnoughDataError } from 'tedious/lib/token/helpers.js';
import { layoutOf } from './wire-types.ts';

const byte = 0;
const short = 1;
const chunked = 2;
/** Above these, a fixed size and this number. */
const fixedFrom = 3;
const kinds = { byte, short, chunked, fixed: fixedFrom };

/** NULL as each layout of a bulk load spells it; fixed types have become the nullable ones behind a byte. */
const nulls = { [byte]: 1, [short]: 2, [chunked]: 8 };

/** Finds where a row ends, then copies it; the two in turn, for one row after the other. */
export class RowMeasure {
  readonly columns: readonly ColumnMetadata[];
  readonly #kinds: Uint8Array;
  readonly #hasFixed: boolean;
  /** Of the row that was measured last: where its values begin and end, and those of each column. */
  #source: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  #isCompressed = false;
  readonly #ends: Uint32Array;

  constructor(columns: readonly ColumnMetadata[]) {
    this.columns = columns;
    this.#kinds = Uint8Array.from(columns, (column) => {
      const { layout, size } = layoutOf(column);
      return kinds[layout] + size;
    });
    this.#hasFixed = this.#kinds.some((kind) => kind >= fixedFrom);
    this.#ends = new Uint32Array(columns.length);
  }

  /**
   * `at` is behind the row's token. `size` is an upper bound of the bytes that `copy` writes. Throws tedious'
   * NotEnoughDataError when the row is not all there.
   */
  measure(
    buffer: Buffer,
    at: number,
    isCompressed: boolean,
  ): { readonly size: number; readonly end: number } {
    const kinds = this.#kinds;
    const { length } = buffer;
    const bitmap = at;
    if (isCompressed) at += (kinds.length + 7) >> 3;
    if (at > length) throw new NotEnoughDataError(at);
    this.#start = at;
    for (let index = 0; index < kinds.length; index += 1) {
      const kind = kinds[index] as number;
      if (isCompressed && ((buffer[bitmap + (index >> 3)] as number) & (1 << (index & 7))) !== 0) {
        this.#ends[index] = 0;
        continue;
      }
      if (kind === short) {
        if (at + 2 > length) throw new NotEnoughDataError(at + 2);
        const size = (buffer[at] as number) | ((buffer[at + 1] as number) << 8);
        at += size === 0xffff ? 2 : 2 + size;
      } else if (kind === byte) {
        if (at >= length) throw new NotEnoughDataError(at + 1);
        at += 1 + (buffer[at] as number);
      } else if (kind === chunked) at = endOfChunks(buffer, at);
      else at += kind - fixedFrom;
      this.#ends[index] = at;
    }
    if (at > length) throw new NotEnoughDataError(at);
    this.#source = buffer;
    this.#end = at;
    this.#isCompressed = isCompressed;
    return { size: at - this.#start + 8 * kinds.length, end: at };
  }

  /** Yields where it has ended in `target`. */
  copy(target: Buffer, at: number): number {
    const source = this.#source;
    if (!this.#hasFixed && !this.#isCompressed) return at + source.copy(target, at, this.#start, this.#end);
    const kinds = this.#kinds;
    let begun = this.#start;
    let end = this.#start;
    for (let index = 0; index < kinds.length; index += 1) {
      const kind = kinds[index] as number;
      const isNull = this.#isCompressed && this.#ends[index] === 0;
      if (!isNull && kind < fixedFrom) {
        end = this.#ends[index] as number;
        continue;
      }
      // What lies between goes in one piece.
      at += source.copy(target, at, begun, end);
      begun = end;
      if (!isNull) {
        end = this.#ends[index] as number;
        target[at] = kind - fixedFrom;
        at += 1;
      } else {
        const size = kind < fixedFrom ? nulls[kind as keyof typeof nulls] : 1;
        target.fill(size === 1 ? 0 : 0xff, at, at + size);
        at += size;
      }
    }
    return at + source.copy(target, at, begun, this.#end);
  }
}

/** Eight bytes of length (all ones = NULL, one less = not known yet), then chunks behind four bytes each, 0 the last. */
export function endOfChunks(buffer: Buffer, at: number): number {
  if (at + 8 > buffer.length) throw new NotEnoughDataError(at + 8);
  const low = buffer.readUInt32LE(at);
  const high = buffer.readUInt32LE(at + 4);
  at += 8;
  if (high === 0xffffffff) {
    if (low === 0xffffffff) return at;
  } else {
    // All of it is waited for at once: it is not looked through again with every packet.
    const whole = at + high * 2 ** 32 + low + 4;
    if (whole > buffer.length) throw new NotEnoughDataError(whole);
  }
  for (;;) {
    if (at + 4 > buffer.length) throw new NotEnoughDataError(at + 4);
    const size = buffer.readUInt32LE(at);
    at += 4 + size;
    if (size === 0) return at;
  }
}
