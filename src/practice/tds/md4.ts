/** MD4 (RFC 1320), which NTLM builds on and OpenSSL 3 no longer offers. For passwords of the practice server only. */

const BLOCK = 64;

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Order of the words, rotations and constant of each of the three rounds. */
const ROUNDS = [
  {
    mix: (x: number, y: number, z: number) => (x & y) | (~x & z),
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
    constant: 0,
  },
  {
    mix: (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
    constant: 0x5a827999,
  },
  {
    mix: (x: number, y: number, z: number) => x ^ y ^ z,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
    constant: 0x6ed9eba1,
  },
] as const;

function padded(message: Buffer): Buffer {
  const length = Math.ceil((message.length + 9) / BLOCK) * BLOCK;
  const bytes = Buffer.alloc(length);
  message.copy(bytes);
  bytes[message.length] = 0x80;
  bytes.writeBigUInt64LE(BigInt(message.length) * 8n, length - 8);
  return bytes;
}

/** The 16 bytes of MD4. */
export function md4(message: Buffer): Buffer {
  const bytes = padded(message);
  let [a, b, c, d] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < bytes.length; block += BLOCK) {
    const before = [a, b, c, d] as const;
    for (const { mix, order, shifts, constant } of ROUNDS) {
      order.forEach((word, step) => {
        const sum = (a + mix(b, c, d) + bytes.readInt32LE(block + word * 4) + constant) | 0;
        [a, b, c, d] = [d, rotate(sum, shifts[step % 4] ?? 0), b, c];
      });
    }
    a = (a + before[0]) | 0;
    b = (b + before[1]) | 0;
    c = (c + before[2]) | 0;
    d = (d + before[3]) | 0;
  }
  const digest = Buffer.alloc(16);
  [a, b, c, d].forEach((word, index) => {
    digest.writeInt32LE(word, index * 4);
  });
  return digest;
}
