/** LOGIN7: who the client is and what it wants ([MS-TDS] 2.2.6.4). */

import { ProtocolProblem } from './protocol.ts';

/** Features of LOGIN7's extension block that this server looks at. The others are not acknowledged, and so not used. */
export const FEATURE = { federatedAuthentication: 0x02, utf8: 0x0a, end: 0xff } as const;

export type Login = {
  readonly version: number;
  /** 0 leaves the choice to the server. */
  readonly packetSize: number;
  readonly processId: number;
  readonly host: string;
  readonly user: string;
  readonly password: string;
  readonly application: string;
  readonly server: string;
  readonly language: string;
  readonly database: string;
  /** The first message of Windows authentication; undefined for a SQL login. */
  readonly sspi: Buffer | undefined;
  readonly features: ReadonlySet<number>;
};

/** Where the table of offsets and lengths begins, and its rows in order. */
const TABLE = 36;
const FIELD = {
  host: 0,
  user: 1,
  password: 2,
  application: 3,
  server: 4,
  extension: 5,
  library: 6,
  language: 7,
  database: 8,
} as const;
const SSPI = 78;
const LEAST_LENGTH = 86;

/** The password's bytes had their halves swapped and then 0xA5 applied. */
function unscramble(bytes: Buffer): string {
  const plain = bytes.map((byte) => {
    const mixed = byte ^ 0xa5;
    return ((mixed << 4) | (mixed >> 4)) & 0xff;
  });
  return Buffer.from(plain).toString('utf16le');
}

function slice(data: Buffer, offset: number, length: number): Buffer {
  if (offset + length > data.length) throw new ProtocolProblem('LOGIN7 with a field outside of it');
  return data.subarray(offset, offset + length);
}

/** Bytes of a field whose length the table counts in UTF-16 units. */
function field(data: Buffer, row: number): Buffer {
  const at = TABLE + row * 4;
  return slice(data, data.readUInt16LE(at), data.readUInt16LE(at + 2) * 2);
}

function readFeatures(data: Buffer): ReadonlySet<number> {
  const features = new Set<number>();
  const at = TABLE + FIELD.extension * 4;
  // Older clients set the flag and leave the field empty.
  const hasExtension = (data.readUInt8(27) & 0x10) !== 0 && data.readUInt16LE(at + 2) >= 4;
  if (!hasExtension) return features;
  const pointer = slice(data, data.readUInt16LE(at), 4).readUInt32LE(0);
  for (let offset = pointer; ; ) {
    const feature = slice(data, offset, 1).readUInt8(0);
    if (feature === FEATURE.end) return features;
    features.add(feature);
    offset += 5 + slice(data, offset + 1, 4).readUInt32LE(0);
  }
}

/** Throws ProtocolProblem when a field points outside the message. */
export function parseLogin(data: Buffer): Login {
  if (data.length < LEAST_LENGTH) throw new ProtocolProblem(`LOGIN7 of ${data.length} bytes`);
  const text = (row: number): string => field(data, row).toString('utf16le');
  const isIntegrated = (data.readUInt8(25) & 0x80) !== 0;
  const sspiLength = data.readUInt16LE(SSPI + 2);
  return {
    version: data.readUInt32LE(4),
    packetSize: data.readUInt32LE(8),
    processId: data.readUInt32LE(16),
    host: text(FIELD.host),
    user: text(FIELD.user),
    password: unscramble(field(data, FIELD.password)),
    application: text(FIELD.application),
    server: text(FIELD.server),
    language: text(FIELD.language),
    database: text(FIELD.database),
    sspi: isIntegrated ? slice(data, data.readUInt16LE(SSPI), sspiLength) : undefined,
    features: readFeatures(data),
  };
}
