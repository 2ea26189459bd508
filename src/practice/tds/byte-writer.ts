/** Appends little-endian fields to a buffer that grows. */

/** Room that a writer begins with: most responses fit, and Node takes it from its pool instead of asking for memory. */
const FIRST_SIZE = 1024;
/** Room that a writer of long responses keeps asking for. */
const USUAL_SIZE = 1 << 16;
/** Up to so many characters, going through a text costs less than leaving JavaScript for it. */
const SHORT_TEXT = 16;

/** Writes a bigint in a fraction of Buffer's time, and takes its lowest 64 bits. */
const viewOf = ({ buffer, byteOffset, length }: Buffer): DataView => new DataView(buffer, byteOffset, length);

export class ByteWriter {
  #buffer = Buffer.allocUnsafe(FIRST_SIZE);
  #view = viewOf(this.#buffer);
  #start = 0;
  #end = 0;

  /** Bytes written and not yet taken. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Removes the first `length` bytes and returns them; they stay valid. */
  shift(length: number): Buffer {
    const bytes = this.#buffer.subarray(this.#start, this.#start + length);
    this.#start += length;
    return bytes;
  }

  /** Everything written, removed. */
  shiftAll(): Buffer {
    return this.shift(this.length);
  }

  /** Drops what was written after the first `length` bytes: a row that could not be written to its end. */
  rewind(length: number): void {
    this.#end = this.#start + length;
  }

  #room(length: number): number {
    const at = this.#end;
    if (at + length > this.#buffer.length) {
      // A new buffer always, never compaction in place: bytes handed out by `shift` may still wait in a socket.
      const kept = this.length;
      const usual = Math.min(this.#buffer.length * 4, USUAL_SIZE);
      const grown = Buffer.allocUnsafe(Math.max(usual, (kept + length) * 2));
      this.#buffer.copy(grown, 0, this.#start, this.#end);
      this.#buffer = grown;
      this.#view = viewOf(grown);
      this.#start = 0;
      this.#end = kept + length;
      return kept;
    }
    this.#end = at + length;
    return at;
  }

  uint8(value: number): void {
    const at = this.#room(1);
    this.#buffer[at] = value;
  }

  uint16(value: number): void {
    const at = this.#room(2);
    this.#buffer.writeUInt16LE(value, at);
  }

  int16(value: number): void {
    const at = this.#room(2);
    this.#buffer.writeInt16LE(value, at);
  }

  uint24(value: number): void {
    const at = this.#room(3);
    this.#buffer.writeUIntLE(value, at, 3);
  }

  uint32(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeUInt32LE(value, at);
  }

  int32(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeInt32LE(value, at);
  }

  uint32BE(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeUInt32BE(value, at);
  }

  uint16BE(value: number): void {
    const at = this.#room(2);
    this.#buffer.writeUInt16BE(value, at);
  }

  uint64(value: bigint): void {
    const at = this.#room(8);
    this.#view.setBigUint64(at, value, true);
  }

  int64(value: bigint): void {
    const at = this.#room(8);
    this.#buffer.writeBigInt64LE(value, at);
  }

  float(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeFloatLE(value, at);
  }

  double(value: number): void {
    const at = this.#room(8);
    this.#buffer.writeDoubleLE(value, at);
  }

  /** `length` bytes of `value`, which must fit. */
  uint(value: number, length: number): void {
    const at = this.#room(length);
    this.#buffer.writeUIntLE(value, at, length);
  }

  bytes(value: Uint8Array): void {
    const at = this.#room(value.length);
    this.#buffer.set(value, at);
  }

  utf16(value: string): void {
    let at = this.#room(value.length * 2);
    const buffer = this.#buffer;
    if (value.length > SHORT_TEXT) {
      buffer.write(value, at, 'utf16le');
      return;
    }
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      buffer[at++] = unit;
      buffer[at++] = unit >> 8;
    }
  }

  /** B_VARCHAR: one byte of length, then as many UTF-16 units; what is longer is cut. */
  shortText(value: string): void {
    const text = value.slice(0, 255);
    this.uint8(text.length);
    this.utf16(text);
  }

  /** US_VARCHAR: two bytes of length, then as many UTF-16 units; what is longer is cut. */
  text(value: string): void {
    const text = value.slice(0, 65535);
    this.uint16(text.length);
    this.utf16(text);
  }

  /** Writes what `body` writes behind its length in two bytes. */
  measured(body: () => void): void {
    const before = this.length;
    this.uint16(0);
    body();
    this.#buffer.writeUInt16LE(this.length - before - 2, this.#start + before);
  }
}
