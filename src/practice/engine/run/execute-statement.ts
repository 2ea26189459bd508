/** Sends each kind of statement to what executes it. */

import { executeSecurity } from '../../catalog/index.ts';
import type { Statement } from '../../language/syntax.ts';
import { executeDefinition } from '../definition/execute-definition.ts';
import { Refusal } from '../extension.ts';
import { executeCall } from '../procedures/execute.ts';
import { conditionPlan, readsData } from './compile.ts';
import {
  declare,
  evaluate,
  print,
  raiseError,
  returnFrom,
  setVariable,
  throwError,
  waitFor,
} from './control.ts';
import { executeDbcc } from './dbcc.ts';
import { changeDefinition } from './definition-run.ts';
import { describeOnly } from './format-only.ts';
import { executeAs, revert } from './impersonation.ts';
import { runStatements, runTry } from './interpreter.ts';
import type { Flow } from './outcomes.ts';
import type { Run } from './run.ts';
import { runData } from './run-data.ts';
import { changeDatabase, setIdentityInsert, setIsolation, setOptions, setValue } from './session-settings.ts';
import { transactionStatement } from './transaction-statements.ts';

/** Tells the client that a statement without rows is over. */
export const done = ({ sink, activation }: Run): void =>
  sink.statementDone({ command: 0, isError: false, isInProcedure: activation.isInner });

export const executeStatement = async (run: Run, statement: Statement): Promise<Flow> => {
  if (run.connection.state.options.has('fmtonly') && describeOnly(run, statement)) return 'next';
  switch (statement.kind) {
    case 'query':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
    case 'truncate':
    case 'insert-bulk':
      await runData(run, statement);
      return 'next';
    case 'block':
      return runStatements(run, statement.statements);
    case 'if': {
      const branch = (await test(run, statement.condition)) ? statement.then : statement.otherwise;
      return branch === undefined ? 'next' : runStatements(run, [branch]);
    }
    case 'while':
      while (await test(run, statement.condition)) {
        const flow = await runStatements(run, [statement.body]);
        if (flow === 'break') break;
        if (flow === 'return') return flow;
      }
      return 'next';
    case 'break':
    case 'continue':
      return statement.kind;
    case 'return':
      await returnFrom(run, statement.value);
      return 'return';
    case 'try':
      return runTry(run, statement);
    case 'throw':
      await throwError(run, statement.arguments);
      return 'next';
    case 'raiserror':
      await raiseError(run, statement);
      done(run);
      return 'next';
    case 'print':
      await print(run, statement);
      done(run);
      return 'next';
    case 'declare':
      await declare(run, statement);
      return 'next';
    case 'declare-table':
      return 'next';
    case 'set-variable':
      await setVariable(run, statement);
      return 'next';
    case 'waitfor-delay':
      await waitFor(run, await evaluate(run, statement.delay));
      done(run);
      return 'next';
    case 'execute':
      await executeCall(run, statement);
      return 'next';
    case 'use':
      changeDatabase(run, statement.database);
      break;
    case 'set-option':
      setOptions(run, statement);
      // No DONE of its own: `freebcp -n` looks at the columns after the batch, and another DONE would hide them. It
      // works on SQL Server, and not on ASE, which sends one (github.com/FreeTDS/freetds/issues/647 and 686).
      if (statement.options.includes('fmtonly')) return 'next';
      break;
    case 'set-value':
      await setValue(run, statement);
      break;
    case 'set-isolation':
      setIsolation(run, statement.level);
      break;
    case 'set-identity-insert':
      setIdentityInsert(run, statement);
      break;
    case 'begin-transaction':
    case 'commit':
    case 'rollback':
    case 'save-transaction':
      transactionStatement(run, statement);
      break;
    case 'dbcc':
      await executeDbcc(run, statement);
      break;
    case 'checkpoint':
      break;
    case 'execute-as':
      await executeAs(run, statement.identity);
      break;
    case 'revert':
      revert(run);
      break;
    case 'create-login':
    case 'create-user':
    case 'create-role':
    case 'alter-role':
    case 'grant':
    case 'deny':
    case 'revoke':
    case 'alter-authorization':
      await changeDefinition(run, (undo) => executeSecurity(statement, run.connection.state, undo));
      break;
    default:
      if (statement.kind === undefined) throw new Refusal('this statement');
      await executeDefinition(run, statement);
  }
  done(run);
  return 'next';
};

const test = async (run: Run, condition: Parameters<typeof conditionPlan>[1]): Promise<boolean> => {
  const plan = conditionPlan(run, condition);
  const value = await run.connection.quick(run, readsData(condition), (frame) => plan(frame));
  return value === true;
};
