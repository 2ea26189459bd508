/** Creates the variables of a batch or module before its first statement runs. */

import type { Statement } from '../../language/syntax.ts';
import { buildTable } from '../definition/build-table.ts';
import { SqlError } from '../extension.ts';
import { resolveType, unknownType } from '../scalar/index.ts';
import { contextOf } from './compile.ts';
import type { Run } from './run.ts';

/** All statements, those inside others included, in the order of the text. */
export function* allStatements(statements: readonly Statement[]): Generator<Statement, void> {
  for (const statement of statements) {
    yield statement;
    switch (statement.kind) {
      case 'block':
        yield* allStatements(statement.statements);
        break;
      case 'if':
        yield* allStatements([statement.then]);
        if (statement.otherwise !== undefined) yield* allStatements([statement.otherwise]);
        break;
      case 'while':
        yield* allStatements([statement.body]);
        break;
      case 'try':
        yield* allStatements(statement.body);
        yield* allStatements(statement.handler);
        break;
      default:
        break;
    }
  }
}

/** Variables exist from the beginning of their batch, as NULL; table variables are empty. */
export const declareVariables = (run: Run, statements: readonly Statement[]): void => {
  const { activation, connection } = run;
  const database = activation.home?.database ?? connection.state.database;
  for (const statement of allStatements(statements)) {
    if (statement.kind === 'declare') {
      for (const [i, { name, type }] of statement.variables.entries()) {
        if (activation.variables.has(name)) {
          throw new SqlError(
            134,
            `The variable name '${name}' has already been declared. Variable names must be unique within a query batch or stored procedure.`,
            15,
            2,
          );
        }
        activation.variables.set(name, {
          type: variableType(type, database, { index: i + 1, name }),
          value: null,
        });
      }
    } else if (statement.kind === 'declare-table') {
      const { table } = buildTable(statement.name, statement.definition, {
        context: contextOf(run),
        database,
        schema: database.schemas.get('DBO'),
        isVariable: true,
      });
      activation.tables.set(statement.name, table);
    }
  }
};

const variableType = (
  type: Parameters<typeof resolveType>[0],
  database: Parameters<typeof resolveType>[1],
  where: { readonly index: number; readonly name: string },
): ReturnType<typeof resolveType> => {
  try {
    return resolveType(type, database);
  } catch (problem) {
    if (problem instanceof SqlError && problem.number === 243) throw unknownType(type, where);
    throw problem;
  }
};
