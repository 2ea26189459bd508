/** Constants of the Tabular Data Stream, from [MS-TDS] (learn.microsoft.com/openspecs/windows_protocols/ms-tds). */

/** Packet types, [MS-TDS] 2.2.3.1.1. */
export const PACKET = {
  batch: 0x01,
  rpc: 0x03,
  response: 0x04,
  attention: 0x06,
  bulk: 0x07,
  transaction: 0x0e,
  login: 0x10,
  sspi: 0x11,
  prelogin: 0x12,
} as const;

/** Bits of the packet header's status byte, [MS-TDS] 2.2.3.1.2. */
export const STATUS = { endOfMessage: 0x01, ignore: 0x02, reset: 0x08, resetKeepTransaction: 0x10 } as const;

/** Tokens of a response, [MS-TDS] 2.2.4. */
export const TOKEN = {
  returnStatus: 0x79,
  columns: 0x81,
  error: 0xaa,
  info: 0xab,
  returnValue: 0xac,
  loginAck: 0xad,
  featureAck: 0xae,
  row: 0xd1,
  nullCompressedRow: 0xd2,
  environment: 0xe3,
  sspi: 0xed,
  done: 0xfd,
  doneProcedure: 0xfe,
  doneInProcedure: 0xff,
} as const;

/** Status bits of the DONE tokens, [MS-TDS] 2.2.7.6. */
export const DONE = { final: 0x00, more: 0x01, error: 0x02, count: 0x10, attention: 0x20 } as const;

/** Kinds of ENVCHANGE, [MS-TDS] 2.2.7.9. */
export const ENVIRONMENT = {
  database: 1,
  language: 2,
  characterSet: 3,
  packetSize: 4,
  collation: 7,
  transactionBegan: 8,
  transactionCommitted: 9,
  transactionRolledBack: 10,
  connectionReset: 18,
} as const;

/** Protocol versions as LOGIN7 carries them, newest last but for 8.0, whose number is the smallest. */
export const VERSION = {
  v71: 0x71000001,
  v72: 0x72090002,
  v73a: 0x730a0003,
  v73b: 0x730b0003,
  v74: 0x74000004,
  v80: 0x08000000,
} as const;

/** The protocol's abilities that decide how a value is written, so that nobody compares version numbers. */
export type Dialect = {
  /** As in LOGIN7 and LOGINACK. */
  readonly version: number;
  /** From 7.2: 32-bit user types, 64-bit row counts, ALL_HEADERS, max types, xml. */
  readonly hasMaxTypes: boolean;
  /** From 7.3: date, time, datetime2, datetimeoffset. Older clients get text, as SQL Server gives them. */
  readonly hasDateTypes: boolean;
};

/** The dialect spoken with a client that asks for `requested`; undefined for one older than 7.1. */
export function dialectFor(requested: number): Dialect | undefined {
  if (requested === VERSION.v80) return { version: VERSION.v80, hasMaxTypes: true, hasDateTypes: true };
  const known = [VERSION.v74, VERSION.v73b, VERSION.v73a, VERSION.v72, VERSION.v71];
  const version = known.find((candidate) => requested >= candidate);
  if (version === undefined) return requested >= 0x71000000 ? dialectFor(VERSION.v71) : undefined;
  return { version, hasMaxTypes: version >= VERSION.v72, hasDateTypes: version >= VERSION.v73a };
}

/** What a client sent breaks the protocol. The connection is closed; the server goes on. */
export class ProtocolProblem extends Error {}
