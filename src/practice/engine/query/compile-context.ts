/** What a statement is compiled against: the session's names, declared variables, common tables. */

import type { ObjectName, Query } from '../../language/syntax.ts';
import type { SqlError } from '../extension.ts';
import type { Database, Schema, SchemaObject, SessionState, Table } from '../model.ts';
import type { Instance } from '../run/context.ts';
import type { SqlType } from '../types.ts';
import type { Binding } from './binding.ts';
import type { CompiledQuery } from './compiled-query.ts';

/** A permission that the plan needs; checked each time before it runs. */
export type Access = {
  readonly permission: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'EXECUTE';
  readonly database: Database;
  readonly object: SchemaObject;
};

/** A name that WITH introduced. */
export type CommonTableBinding = {
  readonly name: string;
  /** Compiles a use of the table; each use runs on its own. */
  compile(outer: Binding | undefined): CompiledQuery;
};

export type CompileContext = {
  readonly instance: Instance;
  readonly session: SessionState;
  /** Where names without a database are looked up: the session's database, or the home of a view. */
  readonly database: Database;
  /** The schema that is tried before dbo. */
  readonly defaultSchema: Schema | undefined;
  readonly variables: ReadonlyMap<string, { readonly type: SqlType }>;
  readonly tableVariables: ReadonlyMap<string, Table>;
  /** The table of the trigger being compiled: `inserted` and `deleted` have its columns. */
  readonly triggerTable: Table | undefined;
  readonly commonTables: ReadonlyMap<string, CommonTableBinding>;
  readonly accesses: Access[];
  /**
   * Set while compiling. `isSessionBound`: the plan is only good for this session. `readsData`: there is a subquery or
   * a function of the database in it, so that it needs a transaction. `followsIdentityInsert`: it is good for sessions
   * with the same SET IDENTITY_INSERT.
   */
  readonly notes: { isSessionBound: boolean; readsData: boolean; followsIdentityInsert?: boolean };
  /** Whether reads inside ask for permissions: not within a view or procedure of the same owner. */
  readonly checksAccess: boolean;
  /** Takes columns that are not there, so that all of them are told at once; without it the first one is thrown. */
  readonly unbound?: Map<string, SqlError> | undefined;
  /** Views being expanded, against endless nesting. */
  readonly depth: number;
};

/** `db.schema.name` as messages show it. */
export const nameText = (name: ObjectName): string =>
  [name.database, name.database !== undefined && name.schema === undefined ? '' : name.schema, name.name]
    .filter((part) => part !== undefined)
    .join('.');

export type QueryCompiler = (
  query: Query,
  context: CompileContext,
  outer: Binding | undefined,
) => CompiledQuery;
