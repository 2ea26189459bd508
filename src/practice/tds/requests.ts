/** Parses the requests that come as whole messages: batches, procedure calls, transaction management. */

import { Refusal } from '../engine/extension.ts';
import type { RpcParameter } from '../engine/results.ts';
import { ByteReader } from './byte-reader.ts';
import { type Dialect, ProtocolProblem } from './protocol.ts';
import { readTypeInfo } from './values/read.ts';

/** Skips ALL_HEADERS: transaction descriptor, request count, notifications ([MS-TDS] 2.2.5.3). Without MARS they decide nothing. */
function skipHeaders(reader: ByteReader, dialect: Dialect): void {
  if (!dialect.hasMaxTypes) return;
  const start = reader.at;
  const total = reader.uint32();
  if (total < 4) throw new ProtocolProblem(`request headers of ${total} bytes`);
  reader.at = start;
  reader.take(total);
}

/** The text of a SQL batch. */
export function parseBatchRequest(data: Buffer, dialect: Dialect): string {
  const reader = new ByteReader(data);
  skipHeaders(reader, dialect);
  return reader.utf16(reader.remaining >> 1);
}

export type ProcedureCall = { readonly procedure: string; readonly parameters: readonly RpcParameter[] };

/** Procedures that clients call by number, [MS-TDS] 2.2.6.6. */
const PROCEDURES: ReadonlyMap<number, string> = new Map([
  [1, 'sp_cursor'],
  [2, 'sp_cursoropen'],
  [3, 'sp_cursorprepare'],
  [4, 'sp_cursorexecute'],
  [5, 'sp_cursorprepexec'],
  [6, 'sp_cursorunprepare'],
  [7, 'sp_cursorfetch'],
  [8, 'sp_cursoroption'],
  [9, 'sp_cursorclose'],
  [10, 'sp_executesql'],
  [11, 'sp_prepare'],
  [12, 'sp_execute'],
  [13, 'sp_prepexec'],
  [14, 'sp_prepexecrpc'],
  [15, 'sp_unprepare'],
]);

/** Stands between the calls of one message: 0xFF from TDS 7.2 on, 0x80 before; 0xFE asks not to execute. */
function isSeparator(byte: number): boolean {
  return byte === 0xff || byte === 0x80 || byte === 0xfe;
}

const PARAMETER = { output: 0x01, isDefault: 0x02, encrypted: 0x08 } as const;

function readProcedure(reader: ByteReader): string {
  const length = reader.uint16();
  if (length !== 0xffff) return reader.utf16(length);
  const id = reader.uint16();
  const procedure = PROCEDURES.get(id);
  if (procedure === undefined) throw new ProtocolProblem(`a call of the procedure number ${id}`);
  return procedure;
}

function readParameter(reader: ByteReader): RpcParameter {
  const name = reader.shortText();
  const status = reader.uint8();
  if (status & PARAMETER.encrypted) throw new Refusal('an encrypted parameter (Always Encrypted)');
  const { type, read } = readTypeInfo(reader);
  const value = read(reader);
  return {
    name,
    type,
    value,
    isOutput: (status & PARAMETER.output) !== 0,
    isDefault: (status & PARAMETER.isDefault) !== 0,
  };
}

/** The calls of one RPC message, usually one. Throws Refusal for parameter types that this server has not. */
export function parseProcedureCalls(data: Buffer, dialect: Dialect): readonly ProcedureCall[] {
  const reader = new ByteReader(data);
  skipHeaders(reader, dialect);
  const calls: ProcedureCall[] = [];
  while (reader.remaining > 0) {
    const procedure = readProcedure(reader);
    reader.uint16(); // options: recompile, and whether metadata may be left out; it never is
    const parameters: RpcParameter[] = [];
    let isEnded = false;
    while (reader.remaining > 0 && !isEnded) {
      // A parameter begins with its name's length, at most 128, and 0x80 is a name of exactly that length.
      const next = reader.buffer.readUInt8(reader.at);
      isEnded = isSeparator(next) && (dialect.hasMaxTypes ? next !== 0x80 : true);
      if (isEnded) reader.uint8();
      else parameters.push(readParameter(reader));
    }
    calls.push({ procedure, parameters });
  }
  return calls;
}

export type TransactionRequest = {
  readonly kind: 'begin' | 'commit' | 'rollback' | 'save';
  readonly name: string;
  readonly isolation?: number;
};

const OPERATION = {
  dtcAddress: 0,
  propagate: 1,
  begin: 5,
  promote: 6,
  commit: 7,
  rollback: 8,
  save: 9,
} as const;

/** Names in these requests count bytes. */
function readName(reader: ByteReader): string {
  return reader.utf16(reader.uint8() >> 1);
}

/** One request, or two: commit and rollback may ask for the next transaction at once. Throws Refusal for distributed ones. */
export function parseTransactionRequest(data: Buffer, dialect: Dialect): readonly TransactionRequest[] {
  const reader = new ByteReader(data);
  skipHeaders(reader, dialect);
  const operation = reader.uint16();
  switch (operation) {
    case OPERATION.begin: {
      const isolation = reader.uint8();
      return [{ kind: 'begin', name: readName(reader), isolation }];
    }
    case OPERATION.save:
      return [{ kind: 'save', name: readName(reader) }];
    case OPERATION.commit:
    case OPERATION.rollback: {
      const kind = operation === OPERATION.commit ? 'commit' : 'rollback';
      const ended: TransactionRequest = { kind, name: readName(reader) };
      const beginsNext = reader.remaining > 0 && (reader.uint8() & 1) !== 0;
      if (!beginsNext) return [ended];
      const isolation = reader.uint8();
      return [ended, { kind: 'begin', name: readName(reader), isolation }];
    }
    case OPERATION.dtcAddress:
    case OPERATION.propagate:
    case OPERATION.promote:
      throw new Refusal('a distributed transaction');
    default:
      throw new ProtocolProblem(`the transaction request ${operation}`);
  }
}
