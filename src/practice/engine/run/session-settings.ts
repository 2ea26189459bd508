/** USE and SET: what a session is set to. */

import { userOf } from '../../catalog/index.ts';
import type { SessionStatement } from '../../language/syntax.ts';
import { identityInsertTables } from '../data/insert-columns.ts';
import { Refusal, SqlError } from '../extension.ts';
import { foldName, type SessionState } from '../model.ts';
import { findObject } from '../query/objects.ts';
import { convert } from '../scalar/index.ts';
import { contextOf } from './compile.ts';
import { evaluate } from './control.ts';
import type { Run } from './run.ts';

type Of<Kind extends SessionStatement['kind']> = SessionStatement & { readonly kind: Kind };

export const changeDatabase = (run: Run, name: string): void => {
  const { connection, sink } = run;
  const { state, instance } = connection;
  const database = instance.server.databases.get(foldName(name));
  if (database === undefined) {
    throw new SqlError(
      911,
      `Database '${name}' does not exist. Make sure that the name is entered correctly.`,
    );
  }
  if (database.options.state !== 'ONLINE') {
    throw new SqlError(942, `Database '${name}' cannot be opened because it is offline.`, 14, 4);
  }
  const user = userOf(instance.server, state.login, database);
  if (user === undefined) {
    throw new SqlError(
      916,
      `The server principal "${state.login.name}" is not able to access the database "${database.name}" under the current security context.`,
      14,
    );
  }
  const old = state.database.name;
  state.database = database;
  state.user = user;
  sink.environment({ kind: 'database', old, new: database.name });
  sink.message({
    number: 5701,
    state: 1,
    class: 0,
    text: `Changed database context to '${database.name}'.`,
    line: 1,
  });
  state.rowCount = 0n;
};

/** Options that change what the engine does, and those that it records as they are. */
export const sessionOptions: ReadonlySet<string> = new Set([
  'nocount',
  'xact_abort',
  'ansi_nulls',
  'ansi_null_dflt_on',
  'ansi_null_dflt_off',
  'ansi_padding',
  'ansi_warnings',
  'arithabort',
  'arithignore',
  'concat_null_yields_null',
  'quoted_identifier',
  'implicit_transactions',
  'numeric_roundabort',
  'cursor_close_on_commit',
  'remote_proc_transactions',
  'ansi_defaults',
  'fmtonly',
  'forceplan',
  'no_browsetable',
]);
/** What the engine only knows one way. */
const fixed: ReadonlyMap<string, boolean> = new Map([
  ['ansi_nulls', true],
  ['ansi_padding', true],
  ['ansi_warnings', true],
  ['concat_null_yields_null', true],
  ['numeric_roundabort', false],
]);

export const setOptions = ({ connection }: Run, { options, value }: Of<'set-option'>): void => {
  for (const option of options) {
    if (!sessionOptions.has(option)) throw new Refusal(`SET ${option.toUpperCase()}`);
    const only = fixed.get(option);
    if (only !== undefined && only !== value) {
      throw new Refusal(`SET ${option.toUpperCase()} ${value ? 'ON' : 'OFF'}`);
    }
    if (value) connection.state.options.add(option);
    else connection.state.options.delete(option);
  }
  connection.state.rowCount = 0n;
};

export const setIsolation = ({ connection }: Run, level: SessionState['isolation']): void => {
  connection.state.isolation = level;
  connection.state.rowCount = 0n;
};

export const setIdentityInsert = (run: Run, statement: Of<'set-identity-insert'>): void => {
  const { connection } = run;
  const found = findObject(statement.table, contextOf(run));
  if (found?.object.kind !== 'table') throw notFound(statement);
  const table = found.object;
  if (table.identity === undefined) {
    throw new SqlError(
      8106,
      `Table '${table.name}' does not have the identity property. Cannot perform SET operation.`,
    );
  }
  const current = connection.identityInsert;
  if (statement.value) {
    if (current !== undefined && current !== table) {
      throw new SqlError(
        8107,
        `IDENTITY_INSERT is already ON for table '${found.database.name}.${current.schema.name}.${current.name}'. Cannot perform SET operation for table '${table.name}'.`,
      );
    }
    connection.identityInsert = table;
    identityInsertTables.set(connection.state, table);
  } else if (current === table) {
    connection.identityInsert = undefined;
    identityInsertTables.delete(connection.state);
  }
};

const notFound = (statement: Of<'set-identity-insert'>): SqlError =>
  new SqlError(
    1088,
    `Cannot find the object "${statement.table.name}" because it does not exist or you do not have permissions.`,
    16,
    11,
  );

export const setValue = async (run: Run, { option, value }: Of<'set-value'>): Promise<void> => {
  const { connection } = run;
  const { state } = connection;
  const typed = await evaluateSetting(run, value);
  const number = (): number => {
    const converted = convert(typed.value, typed.type, { kind: 'int' }, { explicit: false, session: state });
    return typeof converted === 'number' ? converted : 0;
  };
  const text = (): string => String(typed.value ?? '');
  state.rowCount = 0n;
  switch (option) {
    case 'datefirst': {
      const day = number();
      if (day < 1 || day > 7) throw new SqlError(2742, `SET DATEFIRST ${day} is out of range.`);
      state.dateFirst = day;
      return;
    }
    case 'dateformat': {
      const format = text().toLowerCase();
      if (!['mdy', 'dmy', 'ymd', 'ydm', 'myd', 'dym'].includes(format)) {
        throw new SqlError(2741, `SET DATEFORMAT date order '${text()}' is invalid.`);
      }
      state.dateFormat = format;
      return;
    }
    case 'language': {
      const language = text();
      if (!/^(us_english|english)$/i.test(language)) throw new Refusal(`SET LANGUAGE ${language}`);
      const old = state.language;
      state.language = 'us_english';
      state.dateFormat = 'mdy';
      state.dateFirst = 7;
      run.sink.environment({ kind: 'language', old, new: 'us_english' });
      run.sink.message({
        number: 5703,
        state: 1,
        class: 0,
        text: 'Changed language setting to us_english.',
        line: 1,
      });
      return;
    }
    case 'lock_timeout':
      state.lockTimeout = Math.max(-1, number());
      return;
    case 'textsize': {
      const size = number();
      state.textSize = size <= 0 ? (size === 0 ? 4096 : 2147483647) : size;
      return;
    }
    case 'rowcount':
      connection.rowLimit = Math.max(0, number());
      return;
    case 'deadlock_priority': {
      const levels: Readonly<Record<string, number>> = { low: -5, normal: 0, high: 5 };
      connection.deadlockPriority = levels[text().toLowerCase()] ?? number();
      return;
    }
    case 'context_info': {
      const bytes = convert(
        typed.value,
        typed.type,
        { kind: 'varbinary', length: 128 },
        { explicit: true, session: state },
      );
      if (bytes === null || !(bytes instanceof Uint8Array)) {
        throw new SqlError(8155, 'SET CONTEXT_INFO option requires varbinary (128) NOT NULL parameter.');
      }
      // CONTEXT_INFO() gives back 128 bytes, filled with zeros.
      const filled = Buffer.alloc(128);
      filled.set(bytes.subarray(0, 128));
      state.contextInfo = filled;
      return;
    }
    case 'query_governor_cost_limit':
      return;
    default:
      throw new Refusal(`SET ${option.toUpperCase()}`);
  }
};

/** Words such as `mdy` or `us_english` come as column names. */
const evaluateSetting = (run: Run, value: Of<'set-value'>['value']): ReturnType<typeof evaluate> =>
  value.kind === 'column'
    ? Promise.resolve({ value: value.parts[0] ?? '', type: { kind: 'nvarchar', length: 128 } })
    : evaluate(run, value);
