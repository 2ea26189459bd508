/** Compiled statements and expressions, kept as long as no definition changes. */

import type { Condition, Expression } from '../../language/syntax.ts';
import { identityInsertTables } from '../data/insert-columns.ts';
import { SqlError } from '../extension.ts';
import { type Database, foldName, type Schema, type Table } from '../model.ts';
import { Binding } from '../query/binding.ts';
import type { Access, CompileContext } from '../query/compile-context.ts';
import {
  type Compiled,
  type CompiledCondition,
  compileCondition,
  compileExpression,
} from '../scalar/index.ts';
import { checkAccess } from './access.ts';
import type { Instance } from './context.ts';
import type { Run } from './run.ts';
import { combinedErrors } from './several-errors.ts';

type Kept = {
  readonly instance: Instance;
  readonly version: number;
  readonly database: Database;
  /** Where names without a schema were looked up first. */
  readonly schema: Schema | undefined;
  /** For plans that read the session's own tables. */
  readonly sessionId: number | undefined;
  /** For plans that insert into a table with an identity: the table of the session's SET IDENTITY_INSERT. */
  readonly identityInsert: { readonly table: Table | undefined } | undefined;
  readonly plan: unknown;
  readonly accesses: readonly Access[];
  readonly readsData: boolean;
};

const plans = new WeakMap<object, Kept>();

/** Marks an error as found while compiling: a TRY of the same activation does not catch it. */
export class CompileError extends Error {
  readonly problem: SqlError;
  constructor(problem: SqlError) {
    super(problem.message);
    this.problem = problem;
  }
}

const schemaOf = ({
  connection: { state },
  activation: { home },
}: Pick<Run, 'connection' | 'activation'>) => {
  const name = state.user.defaultSchema;
  return home?.schema ?? (name === undefined ? undefined : state.database.schemas.get(foldName(name)));
};

export const contextOf = ({ connection, activation }: Run): CompileContext => {
  const { state, instance } = connection;
  const { home } = activation;
  return {
    instance,
    session: state,
    database: home?.database ?? state.database,
    defaultSchema: schemaOf({ connection, activation }),
    variables: activation.variables,
    tableVariables: activation.tables,
    triggerTable: activation.trigger?.table,
    commonTables: new Map(),
    accesses: [],
    notes: { isSessionBound: false, readsData: false },
    checksAccess: !activation.hasOwnerRights,
    depth: 0,
  };
};

/**
 * The plan of a statement or expression: compiled anew when a definition has changed since. Checks the permissions
 * that it needs, every time. Throws CompileError, or SqlError 229 and its kin.
 */
export const planOf = <Plan>(run: Run, node: object, compile: (context: CompileContext) => Plan): Plan => {
  const { instance, state } = run.connection;
  const database = run.activation.home?.database ?? state.database;
  let kept = plans.get(node);
  if (
    kept?.instance !== instance ||
    kept.version !== instance.catalogVersion ||
    kept.database !== database ||
    kept.schema !== schemaOf(run) ||
    (kept.sessionId !== undefined && kept.sessionId !== state.id) ||
    (kept.identityInsert !== undefined && kept.identityInsert.table !== identityInsertTables.get(state))
  ) {
    const unbound = new Map<string, SqlError>();
    const context: CompileContext = { ...contextOf(run), unbound };
    let plan: Plan;
    try {
      plan = compile(context);
    } catch (problem) {
      if (!(problem instanceof SqlError)) throw problem;
      // What went wrong after a missing column may be nothing but its consequence.
      const isOwn = problem.number === 207 || unbound.size === 0;
      if (problem.number === 208) throw new CompileError(problem);
      throw new CompileError(allOf([...unbound.values(), ...(isOwn ? [problem] : [])]) ?? problem);
    }
    const missing = allOf([...unbound.values()]);
    if (missing !== undefined) throw new CompileError(missing);
    kept = {
      instance,
      version: instance.catalogVersion,
      database,
      schema: context.defaultSchema,
      sessionId: context.notes.isSessionBound ? state.id : undefined,
      identityInsert: context.notes.followsIdentityInsert
        ? { table: identityInsertTables.get(state) }
        : undefined,
      plan,
      accesses: context.accesses,
      readsData: context.notes.readsData,
    };
    plans.set(node, kept);
  }
  for (const access of kept.accesses) checkAccess(state, access);
  return kept.plan as Plan;
};

const allOf = ([first, ...others]: readonly SqlError[]): SqlError | undefined =>
  first === undefined ? undefined : combinedErrors([first, ...others]);

/** Whether a compiled expression or condition reads tables, be it in a subquery or a function. */
export const readsData = (node: object): boolean => plans.get(node)?.readsData !== false;

export const expressionPlan = (run: Run, expression: Expression): Compiled =>
  planOf(run, expression, (context) => compileExpression(expression, new Binding(context, undefined)));

export const conditionPlan = (run: Run, condition: Condition): CompiledCondition =>
  planOf(run, condition, (context) => compileCondition(condition, new Binding(context, undefined)));
