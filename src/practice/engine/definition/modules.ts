/** CREATE and ALTER of views, procedures, functions and triggers. */

import { hasPermission, requirePermission } from '../../catalog/index.ts';
import type { DefinitionStatement, ModuleIdentity, Statement } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import {
  type Database,
  foldName,
  type Schema,
  type SchemaObject,
  type Table,
  type Trigger,
} from '../model.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { nameText } from '../query/compile-context.ts';
import { renamed } from '../query/from.ts';
import { findObject } from '../query/objects.ts';
import { compileQuery, refuseIdleOrder } from '../query/query.ts';
import { moduleContext } from '../query/views.ts';
import { checkBody, deferred } from '../run/check-body.ts';
import type { Activation } from '../run/context.ts';
import { checkFunctionBody } from '../run/function-body.ts';
import { newActivation } from '../run/run.ts';
import { resolveType } from '../scalar/index.ts';
import { addObject, type Change, placeOf, removeFrom, requireAlter } from './change.ts';

type Module = Statement &
  DefinitionStatement & {
    readonly kind: 'create-view' | 'create-procedure' | 'create-function' | 'create-trigger';
  };

const words = {
  'create-view': 'VIEW',
  'create-procedure': 'PROCEDURE',
  'create-function': 'FUNCTION',
  'create-trigger': 'TRIGGER',
} as const;

type Place = { readonly database: Database; readonly schema: Schema };

export const createModule = (change: Change, statement: Module): void => {
  if (statement.name.name.startsWith('#')) throw new Refusal('a temporary procedure');
  const parent = statement.kind === 'create-trigger' ? triggerTable(change, statement) : undefined;
  const { database, schema }: Place =
    parent === undefined
      ? placeOf(statement.name, change)
      : { database: parent.database, schema: parent.table.schema };
  const existing = schema.objects.get(foldName(statement.name.name));
  const isSameKind = existing !== undefined && kindsOf[statement.kind].includes(existing.kind);
  if (statement.isAlter || (statement.isOrAlter && isSameKind)) {
    if (existing === undefined || !isSameKind) {
      throw new SqlError(208, `Invalid object name '${nameText(statement.name)}'.`, 16, 6);
    }
    requireAlter(
      change,
      existing,
      database,
      new SqlError(208, `Invalid object name '${nameText(statement.name)}'.`, 16, 6),
    );
  } else if (existing !== undefined) {
    throw new SqlError(
      2714,
      `There is already an object named '${statement.name.name}' in the database.`,
      16,
      3,
    );
  } else if (parent === undefined) {
    requirePermission(change.context.session, database, `CREATE ${words[statement.kind]}`, {
      kind: 'database',
    });
    requirePermission(change.context.session, database, 'ALTER', { kind: 'schema', schema });
  } else {
    requirePermission(change.context.session, database, 'ALTER', { kind: 'object', object: parent.table });
  }
  const now = new Date();
  const base = {
    name: statement.name.name,
    id: existing?.id ?? database.next.object++,
    schema,
    createdAt: existing?.createdAt ?? now,
    modifiedAt: now,
    parentId: parent?.table.id ?? 0,
    text: statement.text,
  };
  const object = makeModule(change, statement, base, { database, schema }, parent?.table);
  if (existing !== undefined) replace(existing, object, database, change);
  else addObject(object, database, change.undo);
  if (parent !== undefined && object.kind === 'trigger') placeTrigger(parent.table, existing, object, change);
};

const kindsOf: Readonly<Record<Module['kind'], readonly SchemaObject['kind'][]>> = {
  'create-view': ['view'],
  'create-procedure': ['procedure'],
  'create-function': ['scalar-function', 'table-function'],
  'create-trigger': ['trigger'],
};

/** ALTER keeps the object's id and the permissions on it. */
const replace = (before: SchemaObject, after: SchemaObject, database: Database, { undo }: Change): void => {
  const { schema } = before;
  const folded = foldName(before.name);
  schema.objects.set(folded, after);
  database.objects.set(after.id, after);
  undo(() => {
    schema.objects.set(folded, before);
    database.objects.set(before.id, before);
  });
};

const placeTrigger = (
  table: Table,
  before: SchemaObject | undefined,
  trigger: Trigger,
  { undo }: Change,
): void => {
  if (before?.kind === 'trigger') removeFrom(table.triggers, before, undo);
  table.triggers.push(trigger);
  undo(() => {
    table.triggers.splice(table.triggers.indexOf(trigger), 1);
  });
};

const triggerTable = (
  change: Change,
  statement: Module & { readonly kind: 'create-trigger' },
): { readonly table: Table; readonly database: Database } => {
  const found = findObject(statement.table, change.context);
  if (found?.object.kind === 'view') throw new Refusal('a trigger on a view');
  if (found?.object.kind !== 'table') {
    throw new SqlError(
      8197,
      `The object '${nameText(statement.table)}' does not exist or is invalid for this operation.`,
      16,
      4,
    );
  }
  if (statement.timing === 'instead-of') throw new Refusal('INSTEAD OF triggers');
  change.execution.instance.locks.lockTable(
    found.object,
    found.database.id,
    change.execution.transaction,
    'Sch-M',
  );
  return { table: found.object, database: found.database };
};

type ModuleBase = Pick<Trigger, 'name' | 'id' | 'schema' | 'createdAt' | 'modifiedAt' | 'parentId' | 'text'>;

const makeModule = (
  change: Change,
  statement: Module,
  base: ModuleBase,
  { database, schema }: Place,
  table: Table | undefined,
): SchemaObject => {
  const context: CompileContext = moduleContext(change.context, database, schema);
  switch (statement.kind) {
    case 'create-view': {
      refuseIdleOrder(statement.query);
      const query = compileQuery(statement.query, context, undefined);
      const unnamed =
        statement.columns === undefined ? query.columns.findIndex((column) => column.name === '') : -1;
      if (unnamed >= 0) {
        throw new SqlError(
          4511,
          `Create View or Function failed because no column name was specified for column ${unnamed + 1}.`,
        );
      }
      return {
        ...base,
        kind: 'view',
        isSchemaBound: statement.isSchemaBound,
        query: statement.query,
        columns: renamed(query.columns, statement.columns, statement.name.name),
        columnNames: statement.columns,
      };
    }
    case 'create-procedure':
      checkBody(
        change.run,
        activationOf(change, { database, schema }, statement.parameters, undefined),
        statement.body,
      );
      return {
        ...base,
        kind: 'procedure',
        parameters: statement.parameters,
        body: statement.body,
        runAs: identityOf(statement.runAs, change, { database, schema }),
      };
    case 'create-function': {
      const { returns } = statement;
      if (returns.kind === 'scalar') {
        deferNames(() =>
          checkFunctionBody(
            returns.body,
            database,
            resolveType(returns.type, database),
            activationOf(change, { database, schema }, statement.parameters, undefined).variables,
            context,
          ),
        );
        return {
          ...base,
          kind: 'scalar-function',
          isSchemaBound: statement.options.includes('schemabinding'),
          parameters: statement.parameters,
          returns: resolveType(returns.type, database),
          body: returns.body,
        };
      }
      refuseIdleOrder(returns.query);
      const types = new Map(
        statement.parameters.map((parameter) => [
          parameter.name,
          { type: resolveType(parameter.type, database) },
        ]),
      );
      const query = compileQuery(returns.query, { ...context, variables: types }, undefined);
      return {
        ...base,
        kind: 'table-function',
        isSchemaBound: statement.options.includes('schemabinding'),
        parameters: statement.parameters,
        query: returns.query,
        columns: renamed(query.columns, undefined, statement.name.name),
      };
    }
    case 'create-trigger':
      checkBody(change.run, activationOf(change, { database, schema }, [], table), statement.body);
      return {
        ...base,
        kind: 'trigger',
        timing: statement.timing,
        events: statement.events,
        body: statement.body,
        runAs: identityOf(statement.runAs, change, { database, schema }),
        isDisabled: false,
      };
  }
};

/** The user that WITH EXECUTE AS names. Throws 15151 for one that is missing or not to be impersonated. */
const identityOf = (
  identity: ModuleIdentity | undefined,
  { context: { session } }: Change,
  { database, schema }: Place,
): string | undefined => {
  switch (identity?.kind) {
    case undefined:
      return undefined;
    case 'self':
      return session.user.name;
    case 'owner':
      return [...database.principals.values()].find(({ id }) => id === schema.ownerId)?.name ?? 'dbo';
    case 'user': {
      const user = database.principals.get(foldName(identity.name));
      const mayImpersonate =
        user !== undefined &&
        (user === session.user ||
          hasPermission(session, database, 'IMPERSONATE', { kind: 'principal', principal: user }));
      if (user !== undefined && user.type !== 'R' && mayImpersonate) return user.name;
      throw new SqlError(
        15151,
        `Cannot find the user '${identity.name}', because it does not exist or you do not have permission.`,
      );
    }
  }
};

/** What a function's body names may still come: the function itself among it. */
const deferNames = (check: () => void): void => {
  try {
    check();
  } catch (problem) {
    if (!(problem instanceof SqlError) || !deferred.has(problem.number)) throw problem;
  }
};

/** An activation as the module will have it, to compile its body in. */
const activationOf = (
  change: Change,
  home: Place,
  parameters: readonly { readonly name: string; readonly type: Parameters<typeof resolveType>[0] }[],
  triggerTable: Table | undefined,
): Activation =>
  newActivation({
    caller: change.run.activation,
    isInner: true,
    home,
    hasOwnerRights: true,
    variables: new Map(
      parameters.map((parameter) => [
        parameter.name,
        { type: resolveType(parameter.type, home.database), value: null },
      ]),
    ),
    trigger:
      triggerTable === undefined
        ? undefined
        : { table: triggerTable, inserted: [], deleted: [], assigned: new Set() },
  });
