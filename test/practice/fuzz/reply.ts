/**
 * Reads a reply of a TDS server and fails on what [MS-TDS] does not allow. Written from the protocol alone: it shares
 * no code with the server that it judges.
 */

export class BadReply extends Error {}

const bad = (what: string): never => {
  throw new BadReply(what);
};

/** What the tokens of one message said. */
export type ReplyFacts = {
  readonly errors: readonly { readonly number: number; readonly text: string }[];
  readonly rows: number;
  readonly dones: number;
  /** An attention was answered. */
  readonly hasAttention: boolean;
  /** Whether the client speaks TDS 7.2 or later, as LOGINACK says where there is one. */
  readonly isWide: boolean;
};

type Cell = () => void;
type Column = { readonly name: string; readonly cell: Cell };

class Bytes {
  readonly data: Buffer;
  at = 0;
  constructor(data: Buffer) {
    this.data = data;
  }
  skip(length: number): number {
    const start = this.at;
    if (length < 0 || start + length > this.data.length)
      bad(`${length} bytes wanted at ${start} of ${this.data.length}`);
    this.at = start + length;
    return start;
  }
  byte(): number {
    return this.data.readUInt8(this.skip(1));
  }
  short(): number {
    return this.data.readUInt16LE(this.skip(2));
  }
  long(): number {
    return this.data.readUInt32LE(this.skip(4));
  }
  huge(): bigint {
    return this.data.readBigUInt64LE(this.skip(8));
  }
  chars(length: number): string {
    const start = this.skip(length * 2);
    return this.data.toString('utf16le', start, start + length * 2);
  }
}

/** Lengths that a nullable scalar may have beside 0. */
const scalarLengths: Readonly<Record<number, readonly number[]>> = {
  38: [1, 2, 4, 8],
  104: [1],
  109: [4, 8],
  110: [4, 8],
  111: [4, 8],
  36: [16],
};
const fixedLengths: Readonly<Record<number, number>> = {
  31: 0,
  48: 1,
  50: 1,
  52: 2,
  56: 4,
  58: 4,
  59: 4,
  60: 8,
  61: 8,
  62: 8,
  122: 4,
  127: 8,
};
const DAYS = 3_652_059;

/** One message's tokens. `wasWide`: the client speaks TDS 7.2 or later. Throws BadReply. */
export const checkReply = (data: Buffer, wasWide = true): ReplyFacts => {
  let isWide = wasWide;
  let hasAttention = false;
  const bytes = new Bytes(data);
  const errors: { number: number; text: string }[] = [];
  let columns: readonly Column[] | undefined;
  let rows = 0;
  let rowsOfSet = 0;
  let dones = 0;
  let openError = false;
  let more = true;
  while (bytes.at < data.length) {
    const start = bytes.at;
    const token = bytes.byte();
    if (!more) bad(`token 0x${token.toString(16)} after the last DONE`);
    switch (token) {
      case 0x81:
        columns = columnsOf(bytes, isWide);
        rowsOfSet = 0;
        break;
      case 0xd1:
        if (columns === undefined) bad('a row without columns');
        for (const column of columns ?? []) column.cell();
        rows += 1;
        rowsOfSet += 1;
        break;
      case 0xaa:
      case 0xab: {
        const end = bytes.short() + bytes.at;
        const number = bytes.long();
        bytes.byte();
        const severity = bytes.byte();
        const text = bytes.chars(bytes.short());
        bytes.chars(bytes.byte());
        bytes.chars(bytes.byte());
        if (isWide) bytes.long();
        else bytes.short();
        if (bytes.at !== end) bad(`a message token whose length is wrong by ${end - bytes.at}`);
        if (severity >= 11 !== (token === 0xaa)) bad(`severity ${severity} in token 0x${token.toString(16)}`);
        if (token === 0xaa) {
          errors.push({ number, text });
          openError = true;
        }
        break;
      }
      case 0xe3: {
        const end = bytes.short() + bytes.at;
        const kind = bytes.byte();
        const isText = kind <= 4;
        for (let i = 0; i < 2; i++) bytes.skip(bytes.byte() * (isText ? 2 : 1));
        if (bytes.at !== end) bad(`environment change ${kind} whose length is wrong by ${end - bytes.at}`);
        break;
      }
      case 0x79:
        bytes.long();
        break;
      case 0xac: {
        bytes.short();
        bytes.chars(bytes.byte());
        bytes.byte();
        bytes.skip(isWide ? 4 : 2);
        bytes.short();
        typeOf(bytes).cell();
        break;
      }
      case 0xad: {
        const end = bytes.short() + bytes.at;
        bytes.byte();
        const version = data.readUInt8(bytes.skip(4));
        isWide = version >= 0x72 || version === 0x08;
        bytes.chars(bytes.byte());
        bytes.skip(4);
        if (bytes.at !== end) bad('LOGINACK of a wrong length');
        break;
      }
      case 0xae:
        for (let feature = bytes.byte(); feature !== 0xff; feature = bytes.byte()) bytes.skip(bytes.long());
        break;
      case 0xed:
        bytes.skip(bytes.short());
        break;
      case 0xfd:
      case 0xfe:
      case 0xff: {
        const status = bytes.short();
        const command = bytes.short();
        const count = isWide ? bytes.huge() : BigInt(bytes.long());
        dones += 1;
        if ((status & ~0x137) !== 0) bad(`DONE status 0x${status.toString(16)}`);
        if (openError && (status & 0x02) === 0) bad('an error whose DONE does not say so');
        if ((status & 0x10) !== 0 && command === 0xc1 && columns !== undefined && count !== BigInt(rowsOfSet))
          bad(`DONE counts ${count} rows of ${rowsOfSet}`);
        if ((status & 0x20) !== 0) hasAttention = true;
        openError = false;
        columns = undefined;
        more = (status & 0x01) !== 0;
        if (token === 0xff && !more) bad('DONEINPROC that ends the message');
        break;
      }
      default:
        bad(`unknown token 0x${token.toString(16)} at ${start}`);
    }
  }
  if (dones > 0 && more) bad('the last DONE promises more');
  if (dones === 0 && data[0] !== 0xed) bad('a reply without DONE');
  return { errors, rows, dones, hasAttention, isWide };
};

const columnsOf = (bytes: Bytes, isWide: boolean): readonly Column[] => {
  const count = bytes.short();
  if (count === 0xffff) return [];
  return Array.from({ length: count }, (): Column => {
    bytes.skip(isWide ? 4 : 2);
    bytes.short();
    const { cell, isText } = typeOf(bytes);
    if (isText) for (let parts = isWide ? bytes.byte() : 1; parts > 0; parts--) bytes.chars(bytes.short());
    return { name: bytes.chars(bytes.byte()), cell };
  });
};

/** Reads TYPE_INFO; `cell` then reads one value and checks that it is one of the type. */
const typeOf = (bytes: Bytes): { readonly cell: Cell; readonly isText: boolean } => {
  const token = bytes.byte();
  const plain = (cell: Cell) => ({ cell, isText: false });
  const fixed = fixedLengths[token];
  if (fixed !== undefined) return plain(() => void bytes.skip(fixed));
  switch (token) {
    case 36:
    case 38:
    case 104:
    case 109:
    case 110:
    case 111: {
      const length = bytes.byte();
      if (scalarLengths[token]?.includes(length) !== true) bad(`type ${token} of ${length} bytes`);
      return plain(() => {
        const actual = bytes.byte();
        if (actual !== 0 && actual !== length) bad(`a value of ${actual} bytes in a column of ${length}`);
        const at = bytes.skip(actual);
        if (token === 104 && actual === 1 && bytes.data.readUInt8(at) > 1)
          bad('a bit that is neither 0 nor 1');
        if (token === 111 && actual === 8) {
          const days = bytes.data.readInt32LE(at);
          if (days < -53_690 || days > 2_958_463 || bytes.data.readUInt32LE(at + 4) >= 25_920_000)
            bad('a datetime out of range');
        }
        if (token === 111 && actual === 4 && bytes.data.readUInt16LE(at + 2) >= 1440)
          bad('a smalldatetime out of range');
      });
    }
    case 106:
    case 108: {
      const length = bytes.byte();
      const precision = bytes.byte();
      const scale = bytes.byte();
      if (precision < 1 || precision > 38 || scale > precision) bad(`numeric(${precision},${scale})`);
      const limit = 10n ** BigInt(precision);
      return plain(() => {
        const actual = bytes.byte();
        if (actual === 0) return;
        if (actual > length || (actual - 1) % 4 !== 0) bad(`a numeric of ${actual} bytes in ${length}`);
        const at = bytes.skip(actual);
        if (bytes.data.readUInt8(at) > 1) bad('a numeric without a sign');
        let digits = 0n;
        for (let i = actual - 1; i > 0; i--) digits = digits * 256n + BigInt(bytes.data.readUInt8(at + i));
        if (digits >= limit) bad(`${digits} in numeric(${precision},${scale})`);
      });
    }
    case 40:
      return plain(() => {
        const length = bytes.byte();
        if (length !== 0) checkDate(bytes, length, 3);
      });
    case 41:
    case 42:
    case 43: {
      const scale = bytes.byte();
      if (scale > 7) bad(`a time of scale ${scale}`);
      const timeLength = scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
      const whole = timeLength + (token === 41 ? 0 : token === 42 ? 3 : 5);
      return plain(() => {
        const length = bytes.byte();
        if (length === 0) return;
        if (length !== whole) bad(`a time of ${length} bytes instead of ${whole}`);
        if (bytes.data.readUIntLE(bytes.skip(timeLength), timeLength) >= 86_400 * 10 ** scale)
          bad('a time after midnight');
        if (token !== 41) checkDate(bytes, 3, 3);
        if (token === 43 && Math.abs(bytes.data.readInt16LE(bytes.skip(2))) > 840)
          bad('an offset out of range');
      });
    }
    case 0xa5:
    case 0xad:
    case 0xa7:
    case 0xaf:
    case 0xe7:
    case 0xef: {
      const length = bytes.short();
      if (token !== 0xa5 && token !== 0xad) bytes.skip(5);
      const isWide = token === 0xe7 || token === 0xef;
      if (length === 0xffff) return plain(() => chunks(bytes, isWide));
      if (length === 0 || length > 8000) bad(`a type of ${length} bytes`);
      return plain(() => {
        const actual = bytes.short();
        if (actual === 0xffff) return;
        if (actual > length) bad(`a value of ${actual} bytes in a column of ${length}`);
        if (isWide && actual % 2 === 1) bad('half a character');
        bytes.skip(actual);
      });
    }
    case 0x22:
    case 0x23:
    case 0x63: {
      bytes.skip(token === 0x22 ? 4 : 9);
      return {
        isText: true,
        cell: () => {
          const pointer = bytes.byte();
          if (pointer === 0) return;
          bytes.skip(pointer + 8);
          bytes.skip(bytes.long());
        },
      };
    }
    case 0xf1:
      if (bytes.byte() !== 0) bad('xml with a schema');
      return plain(() => chunks(bytes, true));
    case 0x62: {
      bytes.long();
      return plain(() => {
        const length = bytes.long();
        if (length === 0) return;
        if (length < 2 || length > 8016) bad(`a variant of ${length} bytes`);
        bytes.skip(length);
      });
    }
    default:
      return bad(`unknown type 0x${token.toString(16)}`);
  }
};

const checkDate = (bytes: Bytes, length: number, wanted: number): void => {
  if (length !== wanted) bad(`a date of ${length} bytes`);
  if (bytes.data.readUIntLE(bytes.skip(3), 3) >= DAYS) bad('a date after the year 9999');
};

/** A partially length-prefixed value. */
const chunks = (bytes: Bytes, isWide: boolean): void => {
  const total = bytes.huge();
  if (total === 0xffff_ffff_ffff_ffffn) return;
  let sum = 0n;
  for (let length = bytes.long(); length > 0; length = bytes.long()) {
    bytes.skip(length);
    sum += BigInt(length);
  }
  if (total !== 0xffff_ffff_ffff_fffen && total !== sum) bad(`${sum} bytes in a value of ${total}`);
  if (isWide && sum % 2n === 1n) bad('half a character');
};
