/** WITH: common tables, recursive ones included. */

import type { CommonTable, QueryBody, QueryHint } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { foldName } from '../model.ts';
import type { Execution, RowFrame } from '../run/context.ts';
import type { ResultColumn, Row } from '../types.ts';
import type { CommonTableBinding, CompileContext } from './compile-context.ts';
import type { CompiledQuery } from './compiled-query.ts';
import { renamed } from './from.ts';
import { compileBody, compileQuery, refuseIdleOrder } from './query.ts';
import { rowConverter } from './set-operations.ts';

/** The context in which the names of the WITH clause are known. */
export const bindCommonTables = (
  tables: readonly CommonTable[],
  context: CompileContext,
  hints: readonly QueryHint[],
): CompileContext => {
  const known = new Map(context.commonTables);
  const limit = hints.find((hint) => hint.name.toLowerCase() === 'maxrecursion')?.value ?? 100;
  for (const table of tables) {
    const folded = foldName(table.name);
    if (tables.find((other) => foldName(other.name) === folded) !== table) {
      throw new SqlError(239, `Duplicate common table expression name '${table.name}' was specified.`);
    }
    const visible: CompileContext = { ...context, commonTables: new Map(known) };
    refuseIdleOrder(table.query);
    const compile = (): CompiledQuery => {
      const query = mentions(table.query, folded)
        ? compileRecursive(table, visible, limit)
        : compileQuery(table.query, visible, undefined);
      return { ...query, columns: renamed(query.columns, table.columns, table.name) };
    };
    // Compiled once here too, so that a common table that nobody uses still has to be right.
    compile();
    known.set(folded, { name: table.name, compile });
  }
  return { ...context, commonTables: known };
};

/** Whether a table of that name is used anywhere inside. */
const mentions = (node: unknown, folded: string): boolean => {
  if (Array.isArray(node)) return node.some((item) => mentions(item, folded));
  if (typeof node !== 'object' || node === null) return false;
  const { kind, name } = node as { kind?: unknown; name?: unknown };
  if (kind === 'table' && typeof name === 'object' && name !== null) {
    const target = name as { name?: unknown; schema?: unknown };
    if (target.schema === undefined && typeof target.name === 'string' && foldName(target.name) === folded)
      return true;
  }
  return Object.values(node).some((value) => mentions(value, folded));
};

const unionMembers = (body: QueryBody): QueryBody[] =>
  body.kind === 'set-operation' && body.operator === 'union-all'
    ? [...unionMembers(body.left), ...unionMembers(body.right)]
    : [body];

const compileRecursive = (table: CommonTable, context: CompileContext, limit: number): CompiledQuery => {
  const folded = foldName(table.name);
  const members = unionMembers(table.query.body);
  const anchors = members.filter((member) => !mentions(member, folded));
  const [first] = anchors;
  if (first === undefined || anchors.length === members.length) {
    throw new SqlError(246, `No anchor member was specified for recursive query "${table.name}".`);
  }
  const anchorBody = anchors
    .slice(1)
    .reduce<QueryBody>(
      (left, right) => ({ kind: 'set-operation', operator: 'union-all', left, right, at: right.at }),
      first,
    );
  const anchor = compileBody(anchorBody, { orderBy: [] }, context, undefined);
  const columns: readonly ResultColumn[] = renamed(
    anchor.columns.map((column) => ({ ...column, isNullable: true })),
    table.columns,
    table.name,
  );

  /** The rows of the last round; every run of the query has its own in the statement's scratch. */
  const lastRound = {};
  const self: CommonTableBinding = {
    name: table.name,
    compile: () => ({
      columns,
      isIndependent: false,
      assigns: false,
      *rows(execution: Execution) {
        yield* (execution.scratch.get(lastRound) as readonly Row[] | undefined) ?? [];
      },
    }),
  };
  const inner: CompileContext = {
    ...context,
    commonTables: new Map([...context.commonTables, [folded, self]]),
  };
  const steps = members
    .filter((member) => mentions(member, folded))
    .map((member) => {
      const query = compileBody(member, { orderBy: [] }, inner, undefined);
      if (query.columns.length !== columns.length) {
        throw new SqlError(
          205,
          'All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.',
        );
      }
      query.columns.forEach((column, i) => {
        const expected = columns[i];
        if (expected !== undefined && !sameType(column, expected)) {
          throw new SqlError(
            240,
            `Types don't match between the anchor and the recursive part in column "${expected.name}" of recursive query "${table.name}".`,
          );
        }
      });
      return { query, convert: rowConverter(query.columns, columns) };
    });

  return {
    columns,
    isIndependent: true,
    assigns: false,
    *rows(execution: Execution, outer: RowFrame | undefined) {
      let round: Row[] = [];
      for (const row of anchor.rows(execution, outer)) {
        yield row;
        if (row !== undefined) round.push(row);
      }
      const before = execution.scratch.get(lastRound);
      for (let depth = 0; round.length > 0; depth++) {
        if (limit > 0 && depth > limit) {
          throw new SqlError(
            530,
            `The statement terminated. The maximum recursion ${limit} has been exhausted before statement completion.`,
          );
        }
        const next: Row[] = [];
        for (const { query, convert } of steps) {
          execution.scratch.set(lastRound, round);
          for (const row of query.rows(execution, outer)) {
            if (row === undefined) yield undefined;
            else next.push(convert(row));
          }
        }
        yield* next;
        round = next;
      }
      execution.scratch.set(lastRound, before);
    },
  };
};

const sameType = (a: ResultColumn, b: ResultColumn): boolean => {
  const kind = (type: ResultColumn['type']) => (type.kind === 'decimal' ? 'numeric' : type.kind);
  return (
    a.type.kind === 'null' ||
    (kind(a.type) === kind(b.type) &&
      a.type.length === b.type.length &&
      a.type.precision === b.type.precision &&
      a.type.scale === b.type.scale)
  );
};
