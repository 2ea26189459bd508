import fc from 'fast-check';
import { type Place, type TableName, tables } from './small-shop.ts';

/** What a row says beside its key. Texts of numbers and times are exact. */
export type Value = {
  readonly amount: string | null;
  readonly since: string | null;
  readonly name: string | null;
};

/** Tables whose rows have one number as their key; a sale has the number on its own terminal. */
export type Numbered = Exclude<TableName, 'SALELINE'>;

/**
 * A change of one database in one transaction. `on` is a table; a SALE takes its lines with it. What cannot be done
 * (the row is not there, the code is taken) is not done: the same change means something in every state.
 */
export type Change = { readonly on: Numbered; readonly terminal: 'own' | 'shared' } & (
  | {
      readonly does: 'insert' | 'bulk';
      readonly ids: readonly number[];
      readonly code: number | null;
      readonly value: Value;
    }
  | { readonly does: 'update'; readonly from: number; readonly to: number; readonly value: Value }
  | { readonly does: 'delete'; readonly from: number; readonly to: number }
  | { readonly does: 'rekey'; readonly from: number; readonly to: number }
  /** Deleted and inserted again under the same key. */
  | { readonly does: 'replace'; readonly from: number; readonly value: Value }
  /** Two rows give each other their codes, in one statement. */
  | { readonly does: 'exchange'; readonly from: number; readonly to: number }
  /** A row goes, and a new one takes its code. */
  | { readonly does: 'hand-over'; readonly from: number; readonly to: number; readonly value: Value }
);

const amount = fc.constantFrom(
  null,
  '0',
  '12.5',
  '1844.68',
  '-0.0000000000000001',
  '9999999999999999.9999999999999999',
  '-9999999999999999.9999999999999999',
);
const since = fc.constantFrom(
  null,
  '1900-01-01T00:00:00',
  '2012-04-16T23:59:59.997',
  '9999-12-31T23:59:59.997',
);
const name = fc.constantFrom(null, '', 'a', 'A', 'a ', 'ß', '\u{1F600}', "it's");
const value: fc.Arbitrary<Value> = fc.record({ amount, since, name });

/** Few keys, so that changes meet. */
const id = fc.integer({ min: 1, max: 4 });
const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 3 });

/** `isCalm`: nobody takes what another one may have. */
export const changeOf = (
  on: Numbered,
  isCalm: boolean,
  only?: readonly Change['does'][],
): fc.Arbitrary<Change> => {
  const table = {
    on: fc.constant(on),
    terminal: isCalm
      ? fc.constant('own' as const)
      : fc.oneof(
          { arbitrary: fc.constant('own' as const), weight: 6 },
          { arbitrary: fc.constant('shared' as const), weight: 1 },
        ),
  };
  const code = isCalm ? fc.constant(null) : fc.option(id, { freq: 6 });
  const is = <Kind extends Change['does']>(kind: Kind) => fc.constant(kind);
  const all: readonly {
    readonly weight: number;
    readonly arbitrary: fc.Arbitrary<Change>;
    readonly does: Change['does'];
  }[] = [
    { does: 'insert', weight: 5, arbitrary: fc.record({ ...table, does: is('insert'), ids, code, value }) },
    { does: 'bulk', weight: 1, arbitrary: fc.record({ ...table, does: is('bulk'), ids, code, value }) },
    {
      does: 'update',
      weight: 4,
      arbitrary: fc.record({ ...table, does: is('update'), from: id, to: id, value }),
    },
    { does: 'delete', weight: 2, arbitrary: fc.record({ ...table, does: is('delete'), from: id, to: id }) },
    { does: 'replace', weight: 1, arbitrary: fc.record({ ...table, does: is('replace'), from: id, value }) },
    { does: 'rekey', weight: 1, arbitrary: fc.record({ ...table, does: is('rekey'), from: id, to: id }) },
    {
      does: 'exchange',
      weight: 1,
      arbitrary: fc.record({ ...table, does: is('exchange'), from: id, to: id }),
    },
    {
      does: 'hand-over',
      weight: 2,
      arbitrary: fc.record({ ...table, does: is('hand-over'), from: id, to: id, value }),
    },
  ];
  // A sale that the register tidied away stays at the store with its code: who takes the code there is in its way.
  const mayMeet = isCalm && on === 'SALE' ? ['rekey', 'exchange', 'hand-over'] : [];
  return fc.oneof(
    ...all.filter(({ does }) => !mayMeet.includes(does) && (only === undefined || only.includes(does))),
  );
};

/** The T-SQL of a change in the database of `place`, without the transaction around it. */
export function changeSql(change: Change, place: Place): string {
  const table = `dbo.${change.on}`;
  const key = keyColumn(change.on);
  const terminal = terminalOf(change, place);
  const mine = change.on === 'SALE' ? `TERMINAL = ${terminal} AND ` : '';
  const row = (number: number) => `${mine}${key} = ${keyValue(change.on, number)}`;
  const range = (from: number, to: number) =>
    `${mine}${key} BETWEEN ${keyValue(change.on, from)} AND ${keyValue(change.on, to)}`;
  const insert = (number: number, code: string, value: Value) =>
    insertSql(change, place, number, code, value);
  const remove = (where: string) =>
    change.on === 'SALE'
      ? `DELETE FROM dbo.SALELINE WHERE ${where}; DELETE FROM dbo.SALE WHERE ${where};`
      : `DELETE FROM ${table} WHERE ${where};`;
  switch (change.does) {
    case 'insert':
    case 'bulk':
      return change.ids
        .map((number) => insert(number, codeText(change, place, change.code ?? number), change.value))
        .join('\n');
    case 'update':
      return `UPDATE ${table} SET ${assigned(change.value)} WHERE ${range(change.from, change.to)};`;
    case 'delete':
      return remove(range(change.from, change.to));
    case 'rekey': {
      const to = keyValue(change.on, change.to);
      const lines =
        change.on === 'SALE'
          ? `IF @@ROWCOUNT > 0 UPDATE dbo.SALELINE SET NR = ${to} WHERE ${row(change.from)};`
          : '';
      return `UPDATE ${table} SET ${key} = ${to} WHERE ${row(change.from)} AND NOT EXISTS (SELECT 1 FROM ${table} WHERE ${row(change.to)});
${lines}`;
    }
    case 'replace':
      return `DECLARE @code nvarchar(20); SELECT @code = CODE FROM ${table} WHERE ${row(change.from)};
IF @code IS NOT NULL BEGIN ${remove(row(change.from))}
${insert(change.from, '@code', change.value)} END;`;
    case 'exchange':
      return `UPDATE x SET CODE = y.CODE FROM ${table} AS x JOIN ${table} AS y ON ${change.on === 'SALE' ? `x.TERMINAL = ${terminal} AND y.TERMINAL = x.TERMINAL AND ` : ''}(x.${key} = ${keyValue(change.on, change.from)} AND y.${key} = ${keyValue(change.on, change.to)}
OR x.${key} = ${keyValue(change.on, change.to)} AND y.${key} = ${keyValue(change.on, change.from)});`;
    case 'hand-over':
      return `DECLARE @code nvarchar(20); SELECT @code = CODE FROM ${table} WHERE ${row(change.from)};
IF @code IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${table} WHERE ${row(change.to)}) BEGIN ${remove(row(change.from))}
${insert(change.to, '@code', change.value)} END;`;
  }
}

const keyColumn = (on: Numbered): string => tables[on].key.at(-1) ?? '';
const keyValue = (on: Numbered, number: number): string => (on === 'ITEM' ? `N'I${number}'` : String(number));
const quoted = (text: string | null): string => (text === null ? 'NULL' : `N'${text.replaceAll("'", "''")}'`);
const terminalOf = ({ terminal }: Change, place: Place): string =>
  terminal === 'shared' ? "N'SHARED'" : `N'${place.toUpperCase()}'`;

/** Codes of sales are those of their terminal, unless the terminal is one that several believe to be. */
const codeText = (change: Change, place: Place, number: number): string => {
  if (change.on !== 'SALE') return `N'C${number}'`;
  return change.terminal === 'shared' ? `N'SHARED-${number}'` : `N'${place.toUpperCase()}-${number}'`;
};

const assigned = ({ amount, since, name }: Value): string =>
  `AMOUNT = ${numeric(amount)}, SINCE = ${quoted(since)}, NAME = ${quoted(name)}`;
const numeric = (text: string | null): string =>
  `CAST(${text === null ? 'NULL' : `'${text}'`} AS numeric(32, 16))`;

function insertSql(change: Change, place: Place, number: number, code: string, value: Value): string {
  const rest = `${numeric(value.amount)}, ${quoted(value.since)}, ${quoted(value.name)}`;
  const { on } = change;
  const key = keyValue(on, number);
  if (on !== 'SALE')
    return `INSERT INTO dbo.${on} (${keyColumn(on)}, CODE, AMOUNT, SINCE, NAME) SELECT ${key}, ${code}, ${rest} WHERE NOT EXISTS (SELECT 1 FROM dbo.${on} WHERE ${keyColumn(on)} = ${key});`;
  const terminal = terminalOf(change, place);
  const lines = Array.from({ length: 1 + (number % 3) }, (_, index) => index + 1);
  return `IF NOT EXISTS (SELECT 1 FROM dbo.SALE WHERE TERMINAL = ${terminal} AND NR = ${key}) BEGIN
INSERT INTO dbo.SALE (TERMINAL, NR, CODE, LINES, AMOUNT, SINCE, NAME) VALUES (${terminal}, ${key}, ${code}, ${lines.length}, ${rest});
${lines.map((line) => `INSERT INTO dbo.SALELINE (TERMINAL, NR, LINE, AMOUNT, NAME) VALUES (${terminal}, ${key}, ${line}, ${numeric(value.amount)}, ${quoted(value.name)});`).join('\n')} END;`;
}
