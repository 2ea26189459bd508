/** Writes the tokens of responses ([MS-TDS] 2.2.7). */

import type { EnvironmentChange, Message } from '../engine/results.ts';
import type { ResultColumn } from '../engine/types.ts';
import type { ByteWriter } from './byte-writer.ts';
import { type Dialect, ENVIRONMENT, TOKEN } from './protocol.ts';
import { type ColumnForm, columnForm } from './values/write.ts';

/** Severity from which a message is an error. */
const ERROR_CLASS = 11;

export function isError(message: Message): boolean {
  return message.class >= ERROR_CLASS;
}

/** ERROR, or INFO for what is less severe. */
export function writeMessage(out: ByteWriter, dialect: Dialect, message: Message, serverName: string): void {
  out.uint8(isError(message) ? TOKEN.error : TOKEN.info);
  out.measured(() => {
    out.int32(message.number);
    out.uint8(message.state & 0xff);
    out.uint8(message.class);
    // The token's length has 16 bits: a text may not take them all.
    out.text(message.text.slice(0, 30_000));
    out.shortText(serverName);
    out.shortText(message.procedure ?? '');
    if (dialect.hasMaxTypes) out.uint32(message.line);
    else out.uint16(Math.min(message.line, 0xffff));
  });
}

export type Done = {
  readonly token: typeof TOKEN.done | typeof TOKEN.doneProcedure | typeof TOKEN.doneInProcedure;
  readonly status: number;
  readonly command: number;
  readonly count: number;
};

export function writeDone(out: ByteWriter, dialect: Dialect, done: Done): void {
  out.uint8(done.token);
  out.uint16(done.status);
  out.uint16(done.command);
  if (dialect.hasMaxTypes) out.uint64(BigInt(done.count));
  else out.uint32(done.count);
}

/** The answer to an attention, and to a request that was taken back. */
export function writeBareDone(out: ByteWriter, dialect: Dialect, status: number): void {
  writeDone(out, dialect, { token: TOKEN.done, status, command: 0, count: 0 });
}

const FLAG = { nullable: 0x01, isUpdateUnknown: 0x08, identity: 0x10 } as const;

/** COLMETADATA. Returns how the columns' values are written. */
export function writeColumns(
  out: ByteWriter,
  dialect: Dialect,
  columns: readonly ResultColumn[],
): readonly ColumnForm[] {
  const forms = columns.map((column) => columnForm(column.type, dialect, column.isNullable));
  out.uint8(TOKEN.columns);
  out.uint16(columns.length);
  columns.forEach((column, index) => {
    const form = forms[index];
    if (!form) return;
    writeUserType(out, dialect, form.userType);
    const nullable = column.isNullable ? FLAG.nullable : 0;
    out.uint16(nullable | (column.isIdentity ? FLAG.identity : FLAG.isUpdateUnknown));
    form.writeTypeInfo(out);
    if (form.isLegacyText) {
      if (dialect.hasMaxTypes) out.uint8(1); // parts of the table's name
      out.text('');
    }
    out.shortText(column.name);
  });
  return forms;
}

function writeUserType(out: ByteWriter, dialect: Dialect, userType: number): void {
  if (dialect.hasMaxTypes) out.uint32(userType);
  else out.uint16(userType);
}

/** RETURNVALUE but for the value itself, which the returned form writes. */
export function writeReturnValueHead(
  out: ByteWriter,
  dialect: Dialect,
  ordinal: number,
  column: ResultColumn,
): ColumnForm {
  const form = columnForm(column.type, dialect);
  out.uint8(TOKEN.returnValue);
  out.uint16(ordinal);
  out.shortText(column.name.startsWith('@') || column.name === '' ? column.name : `@${column.name}`);
  out.uint8(0x01); // an output parameter, not the result of a function
  writeUserType(out, dialect, form.userType);
  out.uint16(FLAG.nullable);
  form.writeTypeInfo(out);
  return form;
}

export function writeTextChange(out: ByteWriter, kind: number, newValue: string, oldValue: string): void {
  out.uint8(TOKEN.environment);
  out.measured(() => {
    out.uint8(kind);
    out.shortText(newValue);
    out.shortText(oldValue);
  });
}

export function writeBytesChange(
  out: ByteWriter,
  kind: number,
  newValue: Uint8Array,
  oldValue: Uint8Array,
): void {
  out.uint8(TOKEN.environment);
  out.measured(() => {
    out.uint8(kind);
    out.uint8(newValue.length);
    out.bytes(newValue);
    out.uint8(oldValue.length);
    out.bytes(oldValue);
  });
}

const NOTHING = new Uint8Array(0);

export function writeEnvironment(out: ByteWriter, change: EnvironmentChange): void {
  if (!('descriptor' in change)) {
    writeTextChange(out, ENVIRONMENT[change.kind], change.new, change.old);
    return;
  }
  const descriptor = Buffer.alloc(8);
  descriptor.writeBigUInt64LE(BigInt.asUintN(64, change.descriptor));
  if (change.kind === 'transaction-began')
    writeBytesChange(out, ENVIRONMENT.transactionBegan, descriptor, NOTHING);
  else if (change.kind === 'transaction-committed') {
    writeBytesChange(out, ENVIRONMENT.transactionCommitted, NOTHING, descriptor);
  } else writeBytesChange(out, ENVIRONMENT.transactionRolledBack, NOTHING, descriptor);
}
