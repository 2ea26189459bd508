/** T-SQL statements made from a grammar: often right, often not. */

import type { Random } from '../campaign.ts';
import { edges } from './mutations.ts';
import {
  columnsOf,
  comparisons,
  type Family,
  families,
  functions,
  leaves,
  operators,
  parts,
  type Scope,
  settings,
  types,
  typesOf,
} from './vocabulary.ts';

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
