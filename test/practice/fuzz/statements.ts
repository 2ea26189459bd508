/** T-SQL that nobody would write: conformance batches with something broken, and statements made from a grammar. */

import { readCases } from '../../conformance/cases.ts';
import type { Random } from '../campaign.ts';

/** Every batch of the conformance cases. */
export const conformanceBatches = (): readonly string[] =>
  ['expressions', 'statements', 'sessions', 'own']
    .flatMap((name) => {
      try {
        return readCases(`./${name}.jsonl`);
      } catch (problem) {
        if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw problem;
      }
    })
    .flatMap((one) => one.batches.map((batch) => (typeof batch === 'string' ? batch : batch.sql)));

const piece = /'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|[@#\w$.]+|\s+|[\s\S]/g;
const piecesOf = (text: string): string[] => text.match(piece) ?? [];

const edges = [
  '0', '-1', '1', '2147483647', '-2147483648', '2147483648', '9223372036854775807', '-9223372036854775808',
  '99999999999999999999999999999999999999', '0.1', '1e308', '1e-400', '-0.0', '1e5', '$922337203685477.5807', "''", "' '", 'NULL',
  "N'\u{1F600}'", "'1e'", "'9999-12-31 23:59:59.9999999'", "'1753-01-01'", "'0001-01-01'", '0x', '0xFF', "'+'", "'.'", "'-'",
  'DEFAULT', '@@ROWCOUNT', '@@TRANCOUNT', '(SELECT 1)', '(SELECT NULL WHERE 1=0)', 'getdate()', 'newid()', 'cast(1 as bit)',
  "cast('1' as varchar(max))", "cast(1 as sql_variant)", "cast('<a/>' as xml)", 'cast(1 as numeric(38,38))',
]; // biome-ignore format: a list to read at a glance

const words = [
  'SELECT', 'FROM', 'WHERE', 'AND', 'OR', 'NOT', 'NULL', 'IN', 'EXISTS', 'LIKE', 'BETWEEN', 'IS', 'AS', 'ON', 'JOIN', 'LEFT', 'OUTER',
  'CROSS', 'APPLY', 'UNION', 'ALL', 'EXCEPT', 'ORDER', 'BY', 'GROUP', 'HAVING', 'TOP', 'DISTINCT', 'INSERT', 'INTO', 'VALUES', 'UPDATE',
  'SET', 'DELETE', 'OUTPUT', 'BEGIN', 'END', 'IF', 'ELSE', 'WHILE', 'BREAK', 'CONTINUE', 'RETURN', 'TRY', 'CATCH', 'TRAN', 'COMMIT',
  'ROLLBACK', 'SAVE', 'EXEC', 'DECLARE', 'TABLE', 'CREATE', 'ALTER', 'DROP', 'INDEX', 'VIEW', 'PROCEDURE', 'TRIGGER', 'FUNCTION', 'WITH',
  'CASE', 'WHEN', 'THEN', 'CAST', 'OVER', 'PARTITION', 'RAISERROR', 'PRINT', 'GO', 'USE', 'IDENTITY', 'PRIMARY', 'KEY', 'DEFAULT', 'CHECK',
  '(', ')', ',', ';', '=', '<', '>', '*', '+', '-', '/', '%', '.', '..', '[', ']', "'", '"', '/*', '*/', '--', '@', '#', '\u0000', '\ufeff',
]; // biome-ignore format: a list to read at a glance

/** One batch with one to three things broken in it. */
export const mutated = (random: Random, batches: readonly string[]): string => {
  const pieces = piecesOf(random.pick(batches));
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(pieces.length + 1);
    switch (random.below(28)) {
      case 0:
        pieces.splice(at, 1);
        break;
      case 1:
        pieces.splice(at, 0, pieces[random.below(pieces.length)] ?? '');
        break;
      case 2: {
        const other = random.below(pieces.length);
        [pieces[at], pieces[other]] = [pieces[other] ?? '', pieces[at] ?? ''];
        break;
      }
      case 3: {
        const other = piecesOf(random.pick(batches));
        const from = random.below(other.length);
        pieces.splice(at, random.below(4), ...other.slice(from, from + 1 + random.below(12)));
        break;
      }
      case 4:
        pieces.splice(at, 0, ' ', random.pick(words), ' ');
        break;
      case 7: {
        const inner = pieces.slice(at, at + 1 + random.below(6));
        const depth = random.chance(0.05) ? 500 : 1 + random.below(3);
        pieces.splice(at, inner.length, '('.repeat(depth), ...inner, ')'.repeat(depth));
        break;
      }
      case 8:
        if (random.chance(0.3)) pieces.length = Math.min(pieces.length, at);
        else pieces.push(' ', ...piecesOf(random.pick(batches)));
        break;
      case 5:
      case 6:
      case 9: {
        const names = [...pieces.keys()].filter((i) => /^[a-z@#]\w*$/i.test(pieces[i] ?? ''));
        if (names.length > 1) pieces[random.pick(names)] = pieces[random.pick(names)] ?? '';
        break;
      }
      default: {
        // A value gives way to one at the edge of what types hold.
        const values = [...pieces.keys()].filter((i) => /^(?:\d|'|@\w)/.test(pieces[i] ?? ''));
        if (values.length > 0) pieces[random.pick(values)] = random.pick(edges);
      }
    }
  }
  const text = pieces.join('');
  return random.chance(0.03) ? text.slice(0, random.below(text.length + 1)) : text;
};

/** The tables that made statements speak of. */
export const scenery = [
  'create table t (id int identity primary key, a int null, b nvarchar(20) null, c numeric(9, 2) not null default 1, d datetime null, e varbinary(16) null, unique (a, b))',
  'create table u (k varchar(10) primary key, t int null references t (id), m money null, f float null, g uniqueidentifier null, r rowversion, v sql_variant null, n bigint null)',
  "insert t (a, b, c, d) values (1, N'one', 1.5, '2020-01-01'), (2, null, 2, null), (null, N'three', -3, '1999-12-31')",
  "insert u (k, t, m, f, g, v) values ('a', 1, 1.5, 2.5, newid(), 1), ('b', null, null, null, null, N'x')",
  'create view w as select t.id, t.a, u.k from t left join u on u.t = t.id',
] as const;

/** What sort of value is wanted: number, text, date, bytes. */
type Family = 'n' | 't' | 'd' | 'b';

/** Columns by the table that has them, with their families. */
const columnsOf: Readonly<Record<string, Scope>> = {
  t: [
    ['t.id', 'n'],
    ['t.a', 'n'],
    ['t.b', 't'],
    ['t.c', 'n'],
    ['t.d', 'd'],
    ['t.e', 'b'],
  ],
  u: [
    ['u.k', 't'],
    ['u.t', 'n'],
    ['u.m', 'n'],
    ['u.f', 'n'],
    ['u.g', 't'],
    ['u.r', 'b'],
    ['u.v', 't'],
    ['u.n', 'n'],
  ],
  w: [
    ['w.id', 'n'],
    ['w.a', 'n'],
    ['w.k', 't'],
  ],
};

/** Functions with the family of their result and those of their arguments; the rest after a slash may be left out. */
const functions: readonly (readonly [string, Family, string])[] = [
  ['abs', 'n', 'n'],
  ['ascii', 'n', 't'],
  ['ceiling', 'n', 'n'],
  ['char', 't', 'n'],
  ['charindex', 'n', 'tt/n'],
  ['coalesce', 't', 'tt/tt'],
  ['coalesce', 'n', 'nn/nn'],
  ['coalesce', 'd', 'dd/d'],
  ['concat', 't', 'tt/nd'],
  ['datalength', 'n', 't'],
  ['day', 'n', 'd'],
  ['eomonth', 'd', 'd/n'],
  ['exp', 'n', 'n'],
  ['floor', 'n', 'n'],
  ['isnull', 'n', 'nn'],
  ['isnull', 't', 'tt'],
  ['isnull', 'd', 'dd'],
  ['isnumeric', 'n', 't'],
  ['left', 't', 'tn'],
  ['len', 'n', 't'],
  ['log', 'n', 'n/n'],
  ['lower', 't', 't'],
  ['ltrim', 't', 't'],
  ['month', 'n', 'd'],
  ['nchar', 't', 'n'],
  ['nullif', 'n', 'nn'],
  ['nullif', 't', 'tt'],
  ['object_id', 'n', 't'],
  ['patindex', 'n', 'tt'],
  ['power', 'n', 'nn'],
  ['quotename', 't', 't/t'],
  ['replace', 't', 'ttt'],
  ['replicate', 't', 'tn'],
  ['reverse', 't', 't'],
  ['right', 't', 'tn'],
  ['round', 'n', 'nn/n'],
  ['rtrim', 't', 't'],
  ['sign', 'n', 'n'],
  ['space', 't', 'n'],
  ['sqrt', 'n', 'n'],
  ['square', 'n', 'n'],
  ['str', 't', 'n/nn'],
  ['stuff', 't', 'tnnt'],
  ['substring', 't', 'tnn'],
  ['substring', 'b', 'bnn'],
  ['unicode', 'n', 't'],
  ['upper', 't', 't'],
  ['year', 'n', 'd'],
  ['isdate', 'n', 't'],
  ['datefromparts', 'd', 'nnn'],
  ['datetimefromparts', 'd', 'nnnnnnn'],
  ['parsename', 't', 'tn'],
  ['checksum', 'n', 'n'],
  ['translate', 't', 'ttt'],
  ['formatmessage', 't', 't/tn'],
  ['db_name', 't', '/n'],
  ['switchoffset', 'd', 'dt'],
  ['choose', 'n', 'nnn'],
  ['choose', 't', 'ntt'],
  ['sin', 'n', 'n'],
  ['atn2', 'n', 'nn'],
  ['error_message', 't', ''],
  ['object_name', 't', 'n'],
  ['type_name', 't', 'n'],
  ['col_length', 'n', 'tt'],
  ['schema_name', 't', '/n'],
  ['concat_ws', 't', 'ttt/t'],
  ['radians', 'n', 'n'],
  ['log10', 'n', 'n'],
  ['acos', 'n', 'n'],
  ['nosuch', 'n', 'n'],
  ['isnull', 'b', 'bb'],
  ['getdate', 'd', ''],
  ['newid', 't', ''],
  ['db_id', 'n', '/t'],
];

const leaves: Readonly<Record<Family, readonly string[]>> = {
  n: [
    '0',
    '-1',
    '1',
    '2',
    '7',
    '100',
    '2147483647',
    '-2147483648',
    '2147483648',
    '9223372036854775807',
    '0.1',
    '-2.50',
    '1e5',
    '1e308',
    '1e-300',
    '$1.5',
    'NULL',
    '99999999999999999999999999999999999999',
    'cast(1 as bit)',
    'cast(3 as tinyint)',
    'cast(1 as numeric(38,37))',
    'cast(-5 as real)',
    '@@rowcount',
    '@@trancount',
    '$922337203685477.5807',
    'cast(1 as bigint)',
  ],
  t: [
    "''",
    "'abc'",
    "N'Ab c '",
    "'%b_'",
    "'[a-c]%'",
    "'1e3'",
    "' 12 '",
    "'2020-02-29'",
    "N'\u{1F600}'",
    "'\u00e9'",
    "cast('xyz' as char(5))",
    "cast('long' as varchar(max))",
    'NULL',
    "'0x1F'",
    "'; --'",
    "'{b}'",
    "'-'",
    "cast(N'nc' as nchar(4))",
  ],
  d: [
    'getdate()',
    "cast('2020-02-29' as date)",
    "cast('1753-01-01' as datetime)",
    "cast('9999-12-31 23:59:59.997' as datetime)",
    "cast('0001-01-01' as datetime2)",
    "cast('9999-12-31 23:59:59.9999999' as datetime2)",
    "cast('23:59:59.9999999' as time)",
    "cast('2020-01-01T00:00:00+14:00' as datetimeoffset)",
    "cast('2079-06-06' as smalldatetime)",
    "'2019-12-31'",
    'NULL',
    '0',
    "cast('12:30' as time(0))",
  ],
  b: ['0x', '0xFF', '0x0102030405', 'cast(1 as varbinary(8))', 'NULL', "cast('ab' as binary(4))", '@@dbts'],
};
const typesOf: Readonly<Record<Family, readonly string[]>> = {
  n: [
    'int',
    'bigint',
    'smallint',
    'tinyint',
    'bit',
    'numeric(38,10)',
    'numeric(5,2)',
    'numeric(38,0)',
    'money',
    'smallmoney',
    'float',
    'real',
  ],
  t: [
    'varchar(5)',
    'nvarchar(10)',
    'varchar(max)',
    'nvarchar(max)',
    'char(3)',
    'nchar(3)',
    'uniqueidentifier',
    'sql_variant',
    'text',
    'sysname',
  ],
  d: ['datetime', 'smalldatetime', 'date', 'time(3)', 'datetime2(7)', 'datetime2(0)', 'datetimeoffset(3)'],
  b: ['binary(4)', 'varbinary(8)', 'varbinary(max)', 'image'],
};
const parts = [
  'year',
  'quarter',
  'month',
  'dayofyear',
  'day',
  'week',
  'weekday',
  'hour',
  'minute',
  'second',
  'millisecond',
  'microsecond',
  'nanosecond',
  'iso_week',
];
const types = Object.values(typesOf).flat();
const families: readonly Family[] = ['n', 'n', 't', 't', 'd', 'b'];
const operators = ['+', '-', '*', '/', '%', '&', '|', '^'];
const comparisons = ['=', '<>', '<', '<=', '>', '>=', 'like', '!<'];

/** Columns that may be named here. */
type Scope = readonly (readonly [string, Family])[];

const list = (random: Random, least: number, most: number, make: () => string): string =>
  Array.from({ length: least + random.below(most - least + 1) }, make).join(', ');

const leaf = (random: Random, scope: Scope, family: Family): string => {
  const fitting = scope.filter(([, its]) => its === family);
  return fitting.length > 0 && random.chance(0.5) ? random.pick(fitting)[0] : random.pick(leaves[family]);
};

const call = (random: Random, family: Family, argument: (wanted: Family) => string): string => {
  const [name, , wanted] = random.pick(functions.filter(([, its]) => its === family));
  const [needed = '', extra = ''] = wanted.split('/');
  const taken = needed + extra.slice(0, random.below(extra.length + 1));
  return `${name}(${[...taken].map((each) => argument(each as Family)).join(', ')})`;
};

/** An expression, mostly of the family that is wanted; `depth` bounds how far it nests. */
const expression = (
  random: Random,
  depth: number,
  scope: Scope,
  wanted: Family = random.pick(families),
): string => {
  const family = random.chance(0.02) ? random.pick(families) : wanted;
  if (depth <= 0) return leaf(random, scope, family);
  const inner = (its: Family = family): string => expression(random, depth - 1, scope, its);
  const any = (): Family => random.pick(families);
  switch (random.below(10)) {
    case 0:
      return leaf(random, scope, family);
    case 1:
    case 2:
      if (family === 't') return `(${inner()} + ${inner()})`;
      if (family === 'd') return `dateadd(${random.pick(parts)}, ${inner('n')}, ${inner()})`;
      if (family === 'b') return inner();
      return `(${inner()} ${random.pick(operators)} ${inner()})`;
    case 3:
    case 4:
      return call(random, family, inner);
    case 5:
      return `${random.pick(['cast', 'cast', 'try_cast'])}(${inner(any())} as ${random.pick(typesOf[family])})`;
    case 6:
      return `case when ${condition(random, depth - 1, scope)} then ${inner()} else ${inner()} end`;
    case 7:
      return `(${query(random, depth - 2, scope, [family])})`;
    case 8:
      if (family === 'n')
        return random.pick([
          `-${inner()}`,
          `~${inner()}`,
          `datepart(${random.pick(parts)}, ${inner('d')})`,
          `datediff(${random.pick(parts)}, ${inner('d')}, ${inner('d')})`,
        ]);
      if (family === 't')
        return random.pick([
          `datename(${random.pick(parts)}, ${inner('d')})`,
          `convert(${random.pick(typesOf.t)}, ${inner(any())}, ${random.below(135)})`,
        ]);
      return `convert(${random.pick(typesOf[family])}, ${inner(any())}, ${random.below(135)})`;
    default: {
      const computed =
        family === 'n'
          ? ['row_number()', 'rank()', 'ntile(2)', `sum(${inner()})`, 'count(*)', `lag(${inner()})`]
          : [];
      const window = random.pick([...computed, `max(${inner()})`, `min(${inner()})`]);
      return `${window} over (${random.chance(0.5) ? `partition by ${inner(any())} ` : ''}order by ${leaf(random, scope, any())})`;
    }
  }
};

const condition = (random: Random, depth: number, scope: Scope): string => {
  const family = random.pick(families);
  const value = (): string => expression(random, depth - 1, scope, family);
  switch (random.below(depth <= 0 ? 2 : 8)) {
    case 0:
      return `${value()} ${random.pick(comparisons)} ${value()}`;
    case 1:
      return `${value()} is ${random.chance(0.5) ? 'not ' : ''}null`;
    case 2:
      return `${value()} in (${list(random, 1, 4, value)})`;
    case 3:
      return `${value()} between ${value()} and ${value()}`;
    case 4:
      return `(${condition(random, depth - 1, scope)} ${random.chance(0.5) ? 'and' : 'or'} ${condition(random, depth - 1, scope)})`;
    case 5:
      return `not ${condition(random, depth - 1, scope)}`;
    case 6:
      return `exists (${query(random, depth - 1, scope, [family])})`;
    default:
      return `${value()} in (${query(random, depth - 1, scope, [family])})`;
  }
};

const derived: Scope = [
  ['s.a', 'n'],
  ['s.b', 't'],
];

const source = (
  random: Random,
  depth: number,
  scope: Scope,
): { readonly text: string; readonly scope: Scope } => {
  const both = [...(columnsOf.t ?? []), ...(columnsOf.u ?? [])];
  switch (random.below(8)) {
    case 0:
    case 1:
      return {
        text: random.pick(['t', 't with (updlock, holdlock)', 't with (nolock)']),
        scope: columnsOf.t ?? [],
      };
    case 2:
      return { text: 'u', scope: columnsOf.u ?? [] };
    case 3:
      return { text: 'w', scope: columnsOf.w ?? [] };
    case 4:
      return { text: 't cross join u', scope: both };
    case 5: {
      const kind = random.pick(['join', 'left join', 'right join', 'full join']);
      return { text: `t ${kind} u on ${condition(random, depth, both)}`, scope: both };
    }
    case 6:
      return { text: `(${query(random, depth - 1, [], ['n', 't'])}) s (a, b)`, scope: derived };
    default: {
      const inner = query(random, depth - 1, [...scope, ...(columnsOf.t ?? [])], ['n', 't']);
      const text = `t ${random.pick(['cross', 'outer'])} apply (${inner}) s (a, b)`;
      return { text, scope: [...(columnsOf.t ?? []), ...derived] };
    }
  }
};

/** A query of columns of the given families, without ORDER BY: it may stand anywhere. */
const query = (random: Random, depth: number, outer: Scope, wanted: readonly Family[]): string => {
  const from = random.chance(0.8) ? source(random, depth - 1, outer) : undefined;
  const scope = [...outer, ...(from?.scope ?? [])];
  const value = (family?: Family): string => expression(random, depth - 1, scope, family);
  const where = random.chance(0.5) ? ` where ${condition(random, depth - 1, scope)}` : '';
  const top = random.chance(0.2) ? `top (${random.below(5)}) ` : '';
  const origin = from === undefined ? '' : ` from ${from.text}`;
  if (random.chance(0.2) && from !== undefined) {
    const key = leaf(random, from.scope, random.pick(families));
    const aggregate = (family: Family): string => {
      const name = random.pick(
        family === 'n' ? ['sum', 'avg', 'min', 'max', 'count', 'count_big', 'stdev'] : ['min', 'max'],
      );
      return `${name}(${random.chance(0.3) ? 'distinct ' : ''}${value(family)})`;
    };
    const having = random.chance(0.3) ? ` having ${aggregate('n')} is not null` : '';
    return `select ${wanted.map(aggregate).join(', ')}${origin}${where} group by ${key}${having}`;
  }
  const text = `select ${random.chance(0.2) ? 'distinct ' : ''}${top}${wanted.map(value).join(', ')}${origin}${where}`;
  if (depth <= 0 || !random.chance(0.15)) return text;
  return `${text} ${random.pick(['union', 'union all', 'except', 'intersect'])} ${query(random, depth - 1, outer, wanted)}`;
};

const order = (random: Random, width: number): string =>
  random.chance(0.4) ? ` order by ${1 + random.below(width)}${random.chance(0.5) ? ' desc' : ''}` : '';

const settings = [
  'begin tran', 'begin tran', 'commit', 'rollback', 'save tran s', 'rollback tran s', 'set xact_abort on', 'set nocount on', 'set rowcount 1',
  'set implicit_transactions on', 'return', "raiserror('%s %d', 16, 1, 'x', 5)", 'set identity_insert t on', 'truncate table u',
  'set arithabort off', 'set transaction isolation level serializable', 'set lock_timeout 10', 'set dateformat dmy', 'set language german',
  'set fmtonly on', 'set noexec on', 'set parseonly on', 'set dateformat nosuch', 'alter database scratch set read_committed_snapshot on',
]; // biome-ignore format: a list to read at a glance

/** A statement of the tables of the scenery; often right, often not. */
const statement = (random: Random, depth: number): string => {
  const t = columnsOf.t ?? [];
  const alone = (family?: Family): string => expression(random, 2, [], family);
  const value = (family?: Family): string => expression(random, 2, t, family);
  switch (random.below(depth <= 0 ? 10 : 16)) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const wanted = Array.from({ length: 1 + random.below(3) }, () => random.pick(families));
      return query(random, 3, [], wanted) + order(random, wanted.length);
    }
    case 4:
      return `insert t (a, b, c) ${random.chance(0.5) ? `values (${alone('n')}, ${alone('t')}, ${alone('n')})` : query(random, 2, [], ['n', 't', 'n'])}`;
    case 5:
    case 6: {
      const output = random.chance(0.4) ? ' output inserted.*, deleted.a' : '';
      const where = random.chance(0.6) ? ` where ${condition(random, 2, t)}` : '';
      const [name, family] = random.pick(t.slice(1));
      return `update t set ${name.slice(2)} = ${value(family)}${output}${where}`;
    }
    case 7:
      return `delete ${random.chance(0.5) ? `t where ${condition(random, 2, t)}` : `u where ${condition(random, 2, columnsOf.u ?? [])}`}`;
    case 8:
      return `declare @v${random.below(100_000)} ${random.pick(types)} = ${alone()}`;
    case 9:
      return random.chance(0.8) ? random.pick(settings) : `print ${alone()}`;
    case 10:
      return `if ${condition(random, 2, [])} ${statement(random, depth - 1)} else begin ${statement(random, depth - 1)} end`;
    case 11:
      return `begin try ${statement(random, depth - 1)} end try begin catch select error_number(), xact_state() ${statement(random, depth - 1)} end catch`;
    case 12:
      return `while ${condition(random, 1, [])} begin ${statement(random, depth - 1)} ${random.chance(0.9) ? 'break' : ''} end`;
    case 13:
      return `exec ('${statement(random, depth - 1).replaceAll("'", "''")}')`;
    case 14:
      return `exec sp_executesql N'select @p, ${alone().replaceAll("'", "''")}', N'@p ${random.pick(types)}', ${random.pick(edges.slice(0, 30))}`;
    default:
      return definition(random);
  }
};

const definition = (random: Random): string => {
  const t = columnsOf.t ?? [];
  const value = (): string => expression(random, 1, []);
  const type = random.pick(types);
  const number = random.below(100_000);
  return random.pick([
    `alter table t add z${number} ${type} ${random.pick(['null', 'not null', `default ${value()}`])}`,
    `alter table t add z${number} as ${expression(random, 2, t).replaceAll('t.', '')}`,
    `alter table t alter column ${random.pick(['a', 'b', 'c', 'd', 'e'])} ${type}`,
    `create table p${number} (a ${type} primary key, b as a, check (${condition(random, 1, [['a', 'n']])})) insert p${number} values (${value()}) select * from p${number}`,
    `create index i${number} on t (${random.pick(['a', 'b', 'c', 'd', 'e'])}) where a is not null`,
    `drop ${random.pick(['table t', 'table u', 'view w'])}`,
    `select * into #x${number} from ${source(random, 1, []).text}`,
    `create table #y${number} (a ${type}) insert #y${number} values (${value()}) select * from #y${number}`,
    `declare @tv${number} table (a ${type}) insert @tv${number} values (${value()}) select * from @tv${number}`,
    `with q (a, b) as (${query(random, 2, [], ['n', 't'])}) select * from q`,
    `exec ('create trigger g${number} on t after insert, update, delete as ${random.pick(['select * from inserted', 'rollback', 'update t set a = 7 where id in (select id from inserted)', 'delete u'])}') update t set a = ${expression(random, 1, t, 'n')}`,
    `exec ('create procedure r${number} @a ${type} = ${value().replaceAll("'", "''")}, @o int output as set @o = ${value().replaceAll("'", "''")} select @a return 3') declare @o${number} int exec r${number} @o = @o${number} output`,
    `exec ('create function f${number} (@a ${type}) returns ${random.pick(types)} as begin return @a end') select dbo.f${number}(${value()})`,
    `waitfor delay '00:00:00'`,
  ]);
};

/** A batch of one to four statements. */
export const made = (random: Random): string =>
  Array.from({ length: 1 + random.below(4) }, () => statement(random, 2)).join(
    random.chance(0.8) ? '\n' : '; ',
  );
