/** Sends each definition statement to what executes it. */

import type { DefinitionStatement, SecurityStatement, Statement } from '../../language/syntax.ts';
import { Refusal } from '../extension.ts';
import { contextOf } from '../run/compile.ts';
import { changeWithWork } from '../run/definition-run.ts';
import type { Run } from '../run/run.ts';
import { alterTable } from './alter-table.ts';
import { createTable } from './create-table.ts';
import { alterDatabase, createDatabaseStatement } from './databases.ts';
import { dropObjects } from './drop.ts';
import { alterIndex, createIndex, dropIndex } from './index-statements.ts';
import { createModule } from './modules.ts';
import { createSchema } from './schemas.ts';
import { enableTriggers } from './trigger-state.ts';

type Definition = Statement &
  (DefinitionStatement | (SecurityStatement & { readonly kind: 'enable-trigger' }));

export const executeDefinition = async (run: Run, statement: Definition): Promise<void> => {
  const { instance, state } = run.connection;
  switch (statement.kind) {
    case 'create-database':
      instance.trouble?.write(state);
      await createDatabaseStatement(run, statement);
      return;
    case 'alter-database':
      instance.trouble?.write(state);
      await alterDatabase(run, statement);
      return;
    case 'create-type':
      throw new Refusal('CREATE TYPE');
    default:
      break;
  }
  await changeWithWork(run, function* (undo, execution) {
    yield;
    const change = { run, undo, execution, context: contextOf(run) };
    switch (statement.kind) {
      case 'create-schema':
        createSchema(change, statement);
        return;
      case 'create-table':
        createTable(change, statement.name, statement.definition);
        return;
      case 'alter-table':
        yield* alterTable(change, statement);
        return;
      case 'create-index':
        createIndex(change, statement);
        return;
      case 'alter-index':
        alterIndex(change, statement);
        return;
      case 'drop-index':
        dropIndex(change, statement);
        return;
      case 'drop':
        dropObjects(change, statement);
        return;
      case 'create-view':
      case 'create-procedure':
      case 'create-function':
      case 'create-trigger':
        createModule(change, statement);
        return;
      case 'enable-trigger':
        enableTriggers(change, statement.table, statement.names, statement.enable);
    }
  });
};
