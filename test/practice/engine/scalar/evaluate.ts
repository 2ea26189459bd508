/** Runs batches of DECLARE, SET and table-less SELECT through the parser and the compiled expressions alone. */

import { SqlError } from '../../../../src/practice/engine/extension.ts';
import type { Database, Server, SessionState } from '../../../../src/practice/engine/model.ts';
import {
  type Compiled,
  combine,
  compileCondition,
  compileExpression,
  converter,
  type Frame,
  resolveType,
  type Scope,
} from '../../../../src/practice/engine/scalar/index.ts';
import type { SqlType, Value } from '../../../../src/practice/engine/types.ts';
import { parseBatch } from '../../../../src/practice/language/parser.ts';
import type { Expression, Statement } from '../../../../src/practice/language/syntax.ts';

export class NotForThisHarness extends Error {}

export type ResultSet = { readonly types: SqlType[]; readonly rows: Value[][] };
export type Outcome = {
  readonly sets: ResultSet[];
  readonly errors: { number: number; state: number; text: string }[];
};

export function testSession(changes: Partial<SessionState> = {}): SessionState {
  const database = {
    name: 'test',
    collation: 'SQL_Latin1_General_CP1_CI_AS',
    types: new Map(),
  } as unknown as Database;
  return {
    id: 51,
    server: {} as Server,
    database,
    host: 'REGISTER1',
    application: 'tests',
    processId: 42,
    rowCount: 1n,
    lastError: 0,
    lastIdentity: undefined,
    scopeIdentity: undefined,
    transactionCount: 0,
    transactionState: 0,
    contextInfo: new Uint8Array(),
    language: 'us_english',
    dateFirst: 7,
    dateFormat: 'mdy',
    textSize: -1,
    lockTimeout: -1,
    options: new Set<string>(),
    nestLevel: 0,
    triggerNestLevel: 0,
    moduleId: 0,
    caught: undefined,
    ...changes,
  } as unknown as SessionState;
}

export function frameOf(session: SessionState): Frame {
  return {
    runtime: {
      server: session.server,
      session,
      database: session.database,
      now: new Date(2020, 2, 5, 14, 7, 9, 123),
    } as Frame['runtime'],
  };
}

/** A scope of variables only. */
export function scopeOf(
  session: SessionState,
  variables: Map<string, { type: SqlType; value: Value }> = new Map(),
): Scope {
  const none = (what: string) => (): never => {
    throw new NotForThisHarness(what);
  };
  return {
    column: (parts) => {
      throw new SqlError(207, `Invalid column name '${parts.join('.')}'.`);
    },
    variable: (name) => {
      const found = variables.get(name);
      if (!found) throw new SqlError(137, `Must declare the scalar variable "${name}".`, 15, 2);
      return { type: found.type, read: () => found.value };
    },
    scalarSubquery: none('subquery'),
    exists: none('exists'),
    columnSubquery: none('in'),
    computed: () => undefined,
    userFunction: () => undefined,
    session,
  };
}

/** The value of one expression, as written in T-SQL. */
export function value(text: string, session: SessionState = testSession()): Value {
  const compiled = compiledOf(text, session);
  return compiled.evaluate(frameOf(session));
}

export function compiledOf(text: string, session: SessionState = testSession()): Compiled {
  const [statement] = parseBatch(`select ${text}`).statements;
  if (statement?.kind !== 'query' || statement.query.body.kind !== 'select') throw new Error('no query');
  const [item] = statement.query.body.items;
  if (item?.kind !== 'expression') throw new Error('no expression');
  return compileExpression(item.expression, scopeOf(session));
}

/** What a whole batch gives. An error ends the batch, except after a statement that only assigns. */
export function run(text: string): Outcome {
  const session = testSession();
  const variables = new Map<string, { type: SqlType; value: Value }>();
  const scope = scopeOf(session, variables);
  const outcome: Outcome = { sets: [], errors: [] };
  const attempt = (work: () => void): boolean => {
    try {
      work();
      return true;
    } catch (error) {
      if (error instanceof NotForThisHarness) throw error;
      const { number, state, message } = error as SqlError;
      if (number === undefined) throw error;
      outcome.errors.push({ number, state, text: message });
      return false;
    }
  };
  attempt(() => {
    for (const statement of parseBatch(text).statements)
      attempt(() => execute(statement, session, variables, scope, outcome));
  });
  return outcome;
}

function assign(
  name: string,
  expression: Compiled,
  variables: Map<string, { type: SqlType; value: Value }>,
  session: SessionState,
): void {
  const target = variables.get(name);
  if (!target) throw new SqlError(137, 'Must declare', 15, 1);
  const convertValue = converter(expression.type, target.type, { explicit: false, session });
  target.value = convertValue(expression.evaluate(frameOf(session)));
}

function execute(
  statement: Statement,
  session: SessionState,
  variables: Map<string, { type: SqlType; value: Value }>,
  scope: Scope,
  outcome: Outcome,
): void {
  switch (statement.kind) {
    case 'declare':
      for (const { name, type, value: initial } of statement.variables) {
        variables.set(name, { type: resolveType(type, session.database), value: null });
        if (initial) assign(name, compileExpression(initial, scope), variables, session);
      }
      return;
    case 'set-variable': {
      const right = compileExpression(statement.value, scope);
      const { operator, variable } = statement;
      const left: Expression = { kind: 'variable', name: variable, at: statement.at };
      const result =
        operator === '='
          ? right
          : combine(operator.charAt(0) as '+', compileExpression(left, scope), right, scope);
      assign(variable, result, variables, session);
      return;
    }
    case 'set-value': {
      const setting = statement.value;
      if (statement.option === 'dateformat' && setting.kind === 'literal' && setting.value.type === 'string')
        session.dateFormat = setting.value.text;
      else if (statement.option === 'dateformat' && setting.kind === 'column')
        session.dateFormat = setting.parts[0] ?? '';
      else if (
        statement.option === 'datefirst' &&
        setting.kind === 'literal' &&
        setting.value.type === 'integer'
      )
        session.dateFirst = Number(setting.value.text);
      else throw new NotForThisHarness(statement.option);
      return;
    }
    case 'query': {
      const { body } = statement.query;
      if (body.kind !== 'select' || body.from.length > 0) throw new NotForThisHarness('from');
      const isKept = body.where ? compileCondition(body.where, scope)(frameOf(session)) === true : true;
      const columns: Compiled[] = [];
      let isAssignment = false;
      for (const item of body.items) {
        if (item.kind === 'star') throw new NotForThisHarness('star');
        const compiled = compileExpression(item.expression, scope);
        if (item.kind === 'assignment') {
          isAssignment = true;
          assign(item.variable, compiled, variables, session);
        } else columns.push(compiled);
      }
      if (isAssignment) return;
      const rows = isKept ? [columns.map((column) => column.evaluate(frameOf(session)))] : [];
      outcome.sets.push({ types: columns.map((column) => column.type), rows });
      return;
    }
    default:
      throw new NotForThisHarness(statement.kind);
  }
}
