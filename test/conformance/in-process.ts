/** Runs a conformance case against a fresh practice engine in this process. */

import { createEngine } from '../../src/practice/engine/engine.ts';
import type { ResultSink, Session } from '../../src/practice/engine/results.ts';
import { convert } from '../../src/practice/engine/scalar/index.ts';
import type { ResultColumn, Row, SqlType, Value } from '../../src/practice/engine/types.ts';
import type { Answer, Case, Cell, Verdict } from './cases.ts';
import { difference } from './cases.ts';

export const typeText = (type: SqlType): string => {
  switch (type.kind) {
    case 'null':
      return 'int';
    case 'numeric':
    case 'decimal':
      return `numeric(${type.precision},${type.scale ?? 0})`;
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return `${type.kind}(${type.scale ?? 7})`;
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
    case 'binary':
    case 'varbinary':
      return `${type.kind}(${type.length})`;
    case 'rowversion':
      return 'binary(8)';
    default:
      return type.kind;
  }
};

/** A value as the cases write it: what the driver gives, as JSON. */
export const cell = (value: Value, type: SqlType): Cell => {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex').toUpperCase()}`;
  switch (type.kind) {
    case 'numeric':
    case 'decimal':
      return Number(value) / 10 ** (type.scale ?? 0);
    case 'money':
    case 'smallmoney':
      return Number(value) / 10_000;
    case 'bigint':
      return String(value);
    case 'date':
    case 'datetime':
    case 'smalldatetime':
    case 'datetime2':
    case 'time':
    case 'datetimeoffset':
      return isoText(value, type);
    case 'sql_variant': {
      const variant = value as { type: SqlType; value: Value };
      return cell(variant.value, variant.type);
    }
    default:
      return value as Cell;
  }
};

const isoText = (value: Value, type: SqlType): string => {
  const target: SqlType = { kind: 'varchar', length: 40 };
  const text = String(
    convert(value, type, target, { explicit: true, style: type.kind === 'datetimeoffset' ? 127 : 126 }),
  );
  const full = type.kind === 'time' ? `1970-01-01T${text}` : text.includes('T') ? text : `${text}T00:00:00`;
  const [seconds = '', fraction = ''] = full.replace('Z', '').split('.');
  return `${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}`;
};

/** A sink that keeps everything, with values as the cases write them. */
export const collecting = (): {
  readonly sink: ResultSink;
  readonly answer: Answer;
  readonly raw: Row[];
  readonly columns: ResultColumn[];
} => {
  const answer = {
    sets: [] as { columns: [string, string][]; rows: Cell[][] }[],
    counts: [] as number[],
    prints: [] as string[],
    errors: [] as Answer['errors'][number][],
  };
  const raw: Row[] = [];
  let columns: ResultColumn[] = [];
  const sink: ResultSink = {
    columns: (given) => {
      columns = [...given];
      answer.sets.push({ columns: given.map((column) => [column.name, typeText(column.type)]), rows: [] });
    },
    row: (row) => {
      // Clients read such a column without a place for NULL.
      const wrong = columns.find((column, i) => !column.isNullable && row[i] === null);
      if (wrong !== undefined) throw new Error(`NULL in the column '${wrong.name}', which has none`);
      raw.push(row);
      answer.sets.at(-1)!.rows.push(row.map((value, i) => cell(value, columns[i]!.type)));
    },
    message: ({ number, class: severity, state, line, text }) => {
      if (severity >= 11) answer.errors.push({ number, class: severity, state, line, text });
      else if (number === 0 || number === 50000) answer.prints.push(text);
    },
    statementDone: ({ count }) => {
      if (count !== undefined) answer.counts.push(count);
    },
    environment: () => {},
    returnStatus: () => {},
    returnValue: () => {},
  };
  return { sink, answer, raw, columns };
};

export const login = (user = 'sa', password = 'Secret-1') => ({
  user,
  password,
  database: '',
  host: 'test',
  application: 'test',
  language: '',
  processId: 1,
  isEncrypted: false,
});

export const judge = async (test: Case): Promise<Verdict> => {
  const engine = createEngine({ login: { user: 'sa', password: 'Secret-1' } });
  const signal = new AbortController().signal;
  const sessions = new Map<string, Session>();
  const session = async (name: string): Promise<Session> => {
    const known = sessions.get(name);
    if (known !== undefined) return known;
    const made = await engine.login(login());
    await made.batch(sessions.size === 0 ? 'create database scratch' : 'print 1', collecting().sink, signal);
    await made.batch('use scratch', collecting().sink, signal);
    sessions.set(name, made);
    return made;
  };
  await session('a');
  for (const [i, batch] of test.batches.entries()) {
    const [name, sql] = typeof batch === 'string' ? ['a', batch] : [batch.on, batch.sql];
    const { sink, answer } = collecting();
    try {
      await (await session(name)).batch(sql, sink, signal);
    } catch (problem) {
      return {
        id: test.id,
        verdict: 'wrong',
        why: `batch ${i}: threw ${problem instanceof Error ? problem.stack : problem}`,
      };
    }
    const refusal = answer.errors.find((error) => error.text?.startsWith('Practice server: '));
    const why = difference(test.expect[i]!, answer, test.accept ?? {});
    if (why === undefined) continue;
    return refusal === undefined
      ? { id: test.id, verdict: 'wrong', why: `batch ${i}: ${why}` }
      : { id: test.id, verdict: 'refused', why: refusal.text! };
  }
  return { id: test.id, verdict: 'right' };
};
