/** DBCC USEROPTIONS and CHECKIDENT. */

import type { SessionStatement } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import type { Table } from '../model.ts';
import { findObject } from '../query/objects.ts';
import type { Row } from '../types.ts';
import { contextOf } from './compile.ts';
import { evaluate } from './control.ts';
import { changeDefinition } from './definition-run.ts';
import type { Run } from './run.ts';
import { sendRows } from './run-data.ts';

type Dbcc = SessionStatement & { readonly kind: 'dbcc' };

export const executeDbcc = async (run: Run, statement: Dbcc): Promise<void> => {
  switch (statement.command.toLowerCase()) {
    case 'useroptions':
      await userOptions(run);
      break;
    case 'checkident':
      await checkIdentity(run, statement);
      break;
    default:
      throw new Refusal(`DBCC ${statement.command.toUpperCase()}`);
  }
  if (!statement.options.some((option) => option.toLowerCase() === 'no_infomsgs')) {
    run.sink.message({
      number: 2528,
      state: 1,
      class: 0,
      text: 'DBCC execution completed. If DBCC printed error messages, contact your system administrator.',
      line: 1,
    });
  }
};

const userOptions = async (run: Run): Promise<void> => {
  const { state } = run.connection;
  const rows: Row[] = [
    ['textsize', String(state.textSize)],
    ['language', state.language],
    ['dateformat', state.dateFormat],
    ['datefirst', String(state.dateFirst)],
    ['lock_timeout', String(state.lockTimeout)],
    ...[...state.options].sort().map((option): Row => [option, 'SET']),
    ['isolation level', state.isolation],
  ];
  const type = { kind: 'nvarchar', length: 128 } as const;
  await sendRows(
    run,
    [
      { name: 'Set Option', type, isNullable: false },
      { name: 'Value', type, isNullable: true },
    ],
    rows,
  );
};

const checkIdentity = async (run: Run, statement: Dbcc): Promise<void> => {
  const [name, action, seed] = statement.arguments;
  if (name === undefined)
    throw new SqlError(2583, 'An incorrect number of parameters was given to the DBCC statement.');
  const word =
    name.kind === 'column' ? name.parts.join('.') : String((await evaluate(run, name)).value ?? '');
  const table = findTable(run, word);
  const { identity } = table;
  if (identity === undefined) {
    throw new SqlError(7997, `'${table.name}' does not contain an identity column.`, 16);
  }
  const mode = action?.kind === 'column' ? (action.parts[0] ?? '').toLowerCase() : 'reseed';
  if (mode !== 'reseed' && mode !== 'noreseed') throw new Refusal('this form of DBCC CHECKIDENT');
  const before = identity.last;
  if (mode === 'reseed') {
    if (seed === undefined) throw new Refusal('DBCC CHECKIDENT without a new seed');
    const value = BigInt(String((await evaluate(run, seed)).value ?? 0));
    await changeDefinition(run, (undo) => {
      // In a table that never had rows the next value is the seed itself, else the seed plus the increment.
      identity.last = before === undefined ? value - identity.increment : value;
      undo(() => {
        identity.last = before;
      });
    });
  }
  run.sink.message({
    number: 7998,
    state: 1,
    class: 0,
    text: `Checking identity information: current identity value '${before ?? 'NULL'}'.`,
    line: 1,
  });
};

const findTable = (run: Run, word: string): Table => {
  const parts = word.split('.').map((part) => part.replace(/^\[|\]$/g, ''));
  const name = parts.pop() ?? '';
  const schema = parts.pop();
  const database = parts.pop();
  const found = findObject(
    {
      name,
      ...(schema === undefined ? {} : { schema }),
      ...(database === undefined ? {} : { database }),
      at: { line: 1, offset: 0 },
    },
    contextOf(run),
  );
  if (found?.object.kind !== 'table') {
    throw new SqlError(
      2501,
      `Cannot find a table or object with the name "${word}". Check the system catalog.`,
      16,
      45,
    );
  }
  return found.object;
};
